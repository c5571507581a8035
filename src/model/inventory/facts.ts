import type { Failure } from '../plan/plan-schema.ts'

/** What a list of hosts may come from. */
export type Origin = 'deploy-rs' | 'colmena' | 'clan' | 'nixinate' | 'nixos'

/** Outputs of a flake that know hosts: configurations, a hive of `makeHive`, a hive of modules, nodes, clan's machines. */
export type Part = 'configuration' | 'hive' | 'module' | 'node' | 'machine'

/** The names in each output that knows hosts; none where the flake has no such output. */
export interface Outline {
  readonly names: Readonly<Record<Part | 'darwin', readonly string[]>>
  /** Outputs that do not evaluate, with the reason. */
  readonly failures: ReadonlyMap<Part | 'darwin', Failure>
}

/** One name of one output. */
export interface Question {
  readonly part: Part
  readonly name: string
}

/** What Colmena's `deployment` says; a fact that does not evaluate is null. */
export interface DeploymentFacts {
  /** False: it has no targetHost at all, which Colmena takes for the host's name. */
  readonly isTargetSaid: boolean
  readonly targetHost: string | null
  readonly targetPort: number | null
  /** Null also where it is null, which leaves it to ssh_config. */
  readonly targetUser: string | null
  readonly tags: readonly string[] | null
  readonly allowLocalDeployment: boolean | null
  readonly buildOnTarget: boolean | null
  readonly sshOptions: readonly string[] | null
  readonly privilegeEscalationCommand: readonly string[] | null
  /** Names of its keys. */
  readonly keys: readonly string[] | null
}

/** What nixinate is given in `_module.args`. */
export interface NixinateFacts {
  readonly host: string | null
  readonly sshUser: string | null
  readonly port: number | null
  readonly buildOn: string | null
  readonly substituteOnTarget: boolean | null
}

/** What a NixOS configuration tells of its host; a fact that does not evaluate is null. */
export interface ConfigurationFacts {
  /** `networking.hostName`; empty where the network names the host. */
  readonly hostName: string | null
  readonly isInstaller: boolean | null
  readonly isDesktop: boolean | null
  /** How many TCP ports its firewall opens. */
  readonly openPorts: number | null
  /** Null: the configuration knows no `deployment`. */
  readonly deployment: DeploymentFacts | null
  /** Null: it has no such arguments. */
  readonly nixinate: NixinateFacts | null
  /** What clan's own module says. */
  readonly clanTarget: string | null
}

/** A node of `deploy.nodes`, its settings merged as deploy-rs merges them; null where none of the levels says it. */
export interface NodeFacts {
  readonly hostname: string | null
  /** The profile that is the system: `system`, else the only one; null: there is none. */
  readonly profile: string | null
  readonly otherProfiles: readonly string[]
  /** Name of what the profile deploys, such as `activatable-nixos-system-web-25.05`. */
  readonly deploys: string | null
  readonly sshUser: string | null
  readonly user: string | null
  readonly sudo: string | null
  readonly tempPath: string | null
  readonly profilePath: string | null
  readonly sshOpts: readonly string[]
  readonly fastConnection: boolean | null
  readonly remoteBuild: boolean | null
  readonly interactiveSudo: boolean | null
  readonly autoRollback: boolean | null
  readonly magicRollback: boolean | null
  readonly confirmTimeout: number | null
  readonly activationTimeout: number | null
}

/** A machine of clan's inventory. */
export interface MachineFacts {
  /** `USER@HOST:PORT`. */
  readonly targetHost: string | null
  readonly buildHost: string | null
  readonly tags: readonly string[] | null
  readonly machineClass: string | null
}

/** What each part answers. */
export interface Answers {
  readonly configuration: ConfigurationFacts
  readonly hive: ConfigurationFacts
  readonly module: DeploymentFacts
  readonly node: NodeFacts
  readonly machine: MachineFacts
}

/** What a flake tells of its hosts: answers by name, and the reason where a name does not evaluate. */
export type Told = { readonly [P in Part]: ReadonlyMap<string, Answers[P] | Failure> }
