import type { Facts } from '../../model/host/facts.ts'
import { parseStorePath } from '../../model/nix/store-path.ts'
import { parseJson } from '../../model/text/json-text.ts'
import type { DeployRsAnswer } from './deploy-rs-node.ts'

/** What `nix eval` prints: `factsOf`, applied. */
export interface EvaluationAnswer {
  readonly drv: string
  readonly out: string
  readonly platform: string
  readonly hostname: string | null
  readonly release: string | null
  readonly kernelVersion: string | null
  readonly kernelParams: readonly string[] | null
  /** Null in the list: something that has no name. */
  readonly packages: readonly (string | null)[] | null
  readonly warnings: readonly string[] | null
  readonly facts: Facts
  readonly deployRs?: DeployRsAnswer
}

/**
 * Reads what `nix eval` printed; null where it is not what was asked for. A flake decides what stands in it: a fact of another
 * kind than it should be is not known.
 */
export function readEvaluation(stdout: string): EvaluationAnswer | null {
  const value = parseJson(stdout)
  if (!isRecord(value)) return null
  const { drv, out, platform, deployRs } = value
  if (!isPath(drv) || !isPath(out) || typeof platform !== 'string') return null
  const facts = isRecord(value['facts']) ? value['facts'] : {}
  return {
    drv,
    out,
    platform,
    hostname: hostnameOf(value['hostname']),
    release: textOf(value['release']),
    kernelVersion: textOf(value['kernelVersion']),
    kernelParams: textsOf(value['kernelParams']),
    packages: maybeTextsOf(value['packages']),
    warnings: textsOf(value['warnings']),
    facts: {
      firewall: firewallOf(facts['firewall']),
      users: textsOf(facts['users']),
      units: textsOf(facts['units']),
      etc: textsOf(facts['etc']),
    },
    ...(isDeployRs(deployRs) ? { deployRs } : {}),
  }
}

/** A name that a host can have and fleet.yaml could expect; null: none is set (a lease gives one), or not known. */
function hostnameOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value) ? value : null
}

function firewallOf(value: unknown): Facts['firewall'] {
  if (!isRecord(value) || typeof value['enabled'] !== 'boolean') return null
  const [tcp, udp] = [textsOf(value['tcp']), textsOf(value['udp'])]
  return tcp === null || udp === null ? null : { enabled: value['enabled'], tcp, udp }
}

function isDeployRs(value: unknown): value is DeployRsAnswer {
  if (!isRecord(value)) return false
  if ('missing' in value)
    return ['nodes', 'node', 'profile'].includes(String(value['missing'])) && textsOf(value['known']) !== null
  const texts = ['source', 'node', 'profile', 'path'] as const
  const maybes = ['drv', 'hostname', 'sshUser', 'user', 'sudo', 'tempPath', 'profilePath'] as const
  const flags = ['fastConnection', 'remoteBuild', 'interactiveSudo', 'autoRollback', 'magicRollback'] as const
  const counts = ['confirmTimeout', 'activationTimeout'] as const
  return (
    texts.every((key) => typeof value[key] === 'string') &&
    maybes.every((key) => value[key] == null || typeof value[key] === 'string') &&
    flags.every((key) => value[key] == null || typeof value[key] === 'boolean') &&
    counts.every((key) => value[key] == null || typeof value[key] === 'number') &&
    textsOf(value['sshOpts']) !== null &&
    (value['otherProfiles'] === undefined || textsOf(value['otherProfiles']) !== null)
  )
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && parseStorePath(value) !== null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function textsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : null
}

function maybeTextsOf(value: unknown): readonly (string | null)[] | null {
  const isRight = (one: unknown): one is string | null => one === null || typeof one === 'string'
  return Array.isArray(value) && value.every(isRight) ? value : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
