import { failure } from '../../../model/failure.ts'
import { type Code, followsFrom } from '../../../model/codes/codes.ts'
import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type {
  DeployRsNode,
  Failure,
  HostPlan,
  HostSettings,
  Note,
  Observed,
  Target,
} from '../../../model/plan/plan-schema.ts'
import { isDecided, sshOptions } from '../../../model/fleet/node-ssh-options.ts'
import type { Evaluation } from '../../../model/host/system.ts'

/** What a reviewer should know of a host that deploy-rs activates; nothing for other engines. `observation`: null where not asked. */
export function deployRsNotes(
  name: string,
  settings: HostSettings,
  evaluation: Evaluation,
  observation: Pick<Observed, 'system' | 'profile' | 'nextBoot'> | null,
): readonly Note[] {
  if (settings.engine !== 'deploy-rs') return []
  const { deployRs = null, deployRsProblem = null } = evaluation
  const problems = [
    ...(deployRsProblem === null ? [] : [deployRsProblem]),
    ...(deployRs === null ? [] : problemsOf(name, settings, deployRs)),
  ]
  return [
    ...problems.map(({ code, summary, detail }): Note => ({ code, severity: 'error', summary, detail })),
    ...(deployRs === null ? [] : settingNotes(settings, deployRs)),
    ...(deployRs === null || observation === null ? [] : wayNotes(settings, evaluation, observation)),
  ]
}

/** Why the hosts of the selection that deploy-rs is to change cannot be deployed by it: told before anything starts. */
export function deployRsRefusals(
  hosts: Readonly<Record<string, HostPlan>>,
  selected: ReadonlySet<string>,
): readonly Diagnostic[] {
  return Object.entries(hosts).flatMap(([host, planned]) => {
    const { settings, action } = planned
    if (!selected.has(host) || action !== 'change' || settings.engine !== 'deploy-rs') return []
    // What only the evaluation could tell is in the plan as a note.
    const errors = planned.notes.filter(({ code }) => followsFrom(code).deployRs === 'unusable')
    // What a host has had before is no deploy-rs's to make: fleet's own program takes it there.
    if (planned.to.drv === null) return []
    const node = planned.to.deployRs ?? null
    const problems = [...errors, ...(node === null ? [noProfile] : problemsOf(host, settings, node))]
    const first = new Map(problems.toReversed().map((problem) => [problem.code, problem]))
    if (errors.length > 0) first.delete(noProfile.code)
    return [...first.values()].map(({ code, summary, detail = '' }) => diagnostic(code, summary, detail, { host }))
  })
}

const noProfile: Failure = failure(
  'deploy-rs/not-planned',
  'the plan holds no profile for deploy-rs',
  'Plan again, or set engine: nix.',
)

function problemsOf(name: string, settings: HostSettings, node: DeployRsNode): readonly Failure[] {
  const found: Failure[] = []
  const say = (code: Code, summary: string, detail: string) => found.push({ code, summary, detail })
  const { hostname, profile, user, profilePath, interactiveSudo } = node
  if (hostname !== null && !isNamed(hostname, name, settings))
    say(
      'deploy-rs/hostname',
      'deploy.nodes and fleet.yaml name different machines',
      `deploy.nodes."${node.node}".hostname is "${hostname}", fleet.yaml has ${settings.address.map((address) => `"${address}"`).join(', ')} for ${name}. Make them agree: one of the two would be deployed by mistake.`,
    )
  if (profile !== 'system')
    say(
      'deploy-rs/profile-name',
      'the profile is not called system',
      `A NixOS profile called "${profile}" is activated and lost at the next reboot (serokell/deploy-rs#254).`,
    )
  if (profilePath !== null && profilePath !== systemProfile)
    say(
      'deploy-rs/profile-path',
      'the profile is not the system profile',
      `profilePath is ${profilePath}, not ${systemProfile}.`,
    )
  if (user !== null && user !== 'root')
    say(
      'deploy-rs/user',
      'the profile does not belong to root',
      `user is "${user}"; a NixOS system is activated by root.`,
    )
  if (interactiveSudo === true)
    say(
      'deploy-rs/interactive-sudo',
      'interactiveSudo would ask for a password',
      'fleet deploys many hosts in parallel and cannot answer. Let the login use sudo without a password, and switch it off.',
    )
  if (settings.mode === 'test')
    say('deploy-rs/mode', 'deploy-rs cannot activate without setting the profile', 'mode: test works with engine: nix.')
  return found
}

const systemProfile = '/nix/var/nix/profiles/system'

/** True where the node's address is one of fleet.yaml's, or a longer or shorter form of the same name. */
function isNamed(hostname: string, name: string, { address, expectHostname }: HostSettings): boolean {
  const names = [name, ...address, ...(expectHostname === null ? [] : [expectHostname])].map(lower)
  const wanted = lower(hostname)
  if (names.includes(wanted)) return true
  const isName = (text: string) => !/^[\d.]+$/.test(text) && !text.includes(':')
  return names.some((other) => isName(other) && isName(wanted) && firstLabel(other) === firstLabel(wanted))
}

const lower = (text: string) => text.toLowerCase().replace(/\.$/, '')
const firstLabel = (text: string) => text.split('.', 1)[0]

/** Whatever the node says and fleet does not use, or uses for the one command \`deploy\` alone. */
function settingNotes(settings: HostSettings, node: DeployRsNode): readonly Note[] {
  return [...unusedOptions(settings, node), ...otherSettings(settings, node), ...otherProfiles(node)]
}

function unusedOptions({ ssh }: HostSettings, { sshOpts }: DeployRsNode): readonly Note[] {
  const { lines, unknown } = sshOptions(sshOpts)
  const lost = [...unknown, ...lines.filter((line) => isDecided(line, ssh) && !isSame(line, ssh))]
  const alone = lines.filter((line) => !isDecided(line, ssh))
  const sentences = [
    ...(lost.length === 0 ? [] : [`${list(lost)} is not used: fleet.yaml or fleet itself decides it.`]),
    ...(alone.length === 0
      ? []
      : [
          `${list(alone)} is used by \`deploy\` alone, not by the connections of fleet that observe, lock, copy, check and roll back.`,
        ]),
  ]
  if (sentences.length === 0) return []
  return [
    {
      code: 'deploy-rs/ssh-options',
      severity: 'warning',
      summary:
        lost.length === 0
          ? "some of the node's sshOpts are not used by every connection"
          : "some of the node's sshOpts are not used",
      detail: `${sentences.join(' ')} Write what the host needs under ssh in fleet.yaml.`,
    },
  ]
}

/** What the node's option and fleet.yaml both say. */
function isSame(line: string, { user, port, identityFile, options }: HostSettings['ssh']): boolean {
  const at = line.search(/\s/)
  const [name, value] = [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
  const written = Object.entries(options).find(([option]) => option.toLowerCase() === name)?.[1]
  const said: Readonly<Record<string, string | number | null>> = { user, port, identityfile: identityFile }
  return (written ?? String(said[name] ?? '')) === value
}

const list = (words: readonly string[]) => words.map((word) => `"${word}"`).join(', ')

function otherSettings(settings: HostSettings, node: DeployRsNode): readonly Note[] {
  const { activation, ssh, sudo, buildOn, substituteOnTarget } = settings
  // With sudo by default, deploy takes the node's; fleet's own connections do not.
  const isOwnSudo = sudo === 'auto' || sudo === 'none'
  const decided: readonly (readonly [key: keyof DeployRsNode, value: string | number | boolean, where: string])[] = [
    ['autoRollback', activation.autoRollback, 'activation.autoRollback'],
    ['magicRollback', activation.magicRollback, 'activation.magicRollback'],
    ['confirmTimeout', Math.ceil(activation.confirmTimeoutMs / 1000), 'activation.confirmTimeout'],
    ['activationTimeout', Math.ceil(activation.timeoutMs / 1000), 'activation.timeout'],
    ['sshUser', ssh.user ?? 'the login of your ssh_config', 'ssh.user'],
    // That it must not ask for a password (`-n`) is fleet's own wish.
    ...(isOwnSudo ? [] : [['sudo', `${sudo.replace(/ -n$/, '')} -u`, 'sudo'] as const]),
    ['remoteBuild', buildOn === 'target', 'buildOn'],
    ['fastConnection', !substituteOnTarget, 'substituteOnTarget'],
  ]
  const others = decided.filter(([key, value]) => node[key] !== null && node[key] !== value)
  const alone =
    isOwnSudo && node.sudo !== null
      ? [`sudo "${node.sudo}" is used by \`deploy\` alone: set \`sudo\` in fleet.yaml for fleet's own connections.`]
      : []
  if (others.length + alone.length === 0) return []
  const said = others.map(
    ([key, value, where]) => `${key} ${String(node[key])} (fleet.yaml, ${where}: ${String(value)})`,
  )
  return [
    {
      code: 'deploy-rs/settings',
      severity: 'warning',
      summary: 'fleet.yaml and deploy.nodes disagree',
      detail: [
        ...(said.length === 0 ? [] : [`deploy.nodes has ${said.join(', ')}. fleet uses fleet.yaml; set it there.`]),
        ...alone,
      ].join(' '),
    },
  ]
}

function otherProfiles({ node, otherProfiles: others = [] }: DeployRsNode): readonly Note[] {
  if (others.length === 0) return []
  return [
    {
      code: 'deploy-rs/other-profiles',
      severity: 'warning',
      summary: `the node's other profiles are not deployed: ${others.join(', ')}`,
      detail: `deploy.nodes."${node}" has them beside the system. fleet deploys the system alone; \`deploy\` by hand deploys them.`,
    },
  ]
}

/** What kind of way leads from what runs to the target. A profile that is its own toplevel holds no script of deploy-rs. */
function wayNotes(
  { activation }: HostSettings,
  to: Pick<Target, 'system' | 'profile'>,
  observation: Pick<Observed, 'system' | 'profile' | 'nextBoot'>,
): readonly Note[] {
  if (observation.system === to.system && observation.nextBoot === to.system)
    return observation.profile === to.profile
      ? []
      : [
          {
            code: 'deploy-rs/wrapper-only',
            severity: 'info',
            summary: "only deploy-rs's wrapper around the system differs",
            detail: `The host runs its planned system; its profile is ${observation.profile ?? 'missing'}. Nothing is deployed for that alone.`,
          },
        ]
  if (observation.profile !== observation.nextBoot || !(activation.autoRollback || activation.magicRollback)) return []
  return [
    {
      code: 'deploy-rs/first',
      severity: 'warning',
      summary: 'first deploy-rs deployment: automatic rollback impossible',
      detail:
        'The running system has no deploy-rs script for a rollback: if the activation fails or breaks the network, the host keeps the new system. fleet itself rolls it back as long as it can connect.',
    },
  ]
}
