import type { Fleet } from './fleet.ts'
import { sshOptions } from './node-ssh-options.ts'
import { quote } from '../text/quote.ts'
import type { Check, DeployRsNode, HostSettings, PlanBody, RunsHere } from '../plan/plan-schema.ts'

/** The parts of a plan, or of a fleet, that say what runs on the deploying machine. */
export type RunsThere = Pick<PlanBody, 'hooks' | 'checks' | 'lock'> & {
  readonly waves: readonly { readonly checks: readonly string[] }[]
  readonly hosts: Readonly<Record<string, HostThere>>
}

interface HostThere {
  readonly settings: HostSettings
  /** What deploy-rs's node of it says, where that is known. */
  readonly to?: { readonly deployRs?: DeployRsNode | null }
}

/** Options of ssh_config with a program, or a library, of the machine that connects; the last three could bring any other in. */
const programs = [
  'proxycommand',
  'knownhostscommand',
  'pkcs11provider',
  'securitykeyprovider',
  'match',
  'include',
  'host',
]

/**
 * What applying a plan runs or asks on the deploying machine beside fleet's own programs (ssh, Nix, the engine), each once: hooks,
 * checks from there, modules, ssh options that name a program, the lock server. Files that these name are the checkout's.
 */
export function runsHere({ hooks, checks, waves, hosts, lock }: RunsThere): readonly RunsHere[] {
  const all = Object.values(hosts)
  const used = new Set([...all.flatMap(({ settings }) => settings.checks), ...waves.flatMap((wave) => wave.checks)])
  const found: readonly RunsHere[] = [
    ...hooks.map(({ on, run }): RunsHere => ({ kind: 'hook', name: on.join(', '), what: words(run) })),
    ...Object.entries(checks).flatMap(([name, check]) => (used.has(name) ? checkHere(name, check) : [])),
    ...all.flatMap(({ settings, to }) => [
      ...optionsHere(Object.entries(settings.ssh.options)),
      ...nodeOptions(to?.deployRs ?? null),
    ]),
    ...(lock === null ? [] : [{ kind: 'lock', name: '', what: lock.http } as const]),
  ]
  return [...new Map(found.map((entry) => [keyOf(entry), entry])).values()]
}

/** How one list differs from another. */
export function differenceHere(
  now: readonly RunsHere[],
  before: readonly RunsHere[],
): { readonly added: readonly RunsHere[]; readonly gone: readonly RunsHere[] } {
  const without = (all: readonly RunsHere[], others: readonly RunsHere[]) => {
    const known = new Set(others.map(keyOf))
    return all.filter((entry) => !known.has(keyOf(entry)))
  }
  return { added: without(now, before), gone: without(before, now) }
}

/** The parts of a fleet that was resolved and is not planned. */
export function programsOf({ hooks, checks, waves, hosts, lock }: Fleet): RunsThere {
  const enabled = hosts.flatMap(({ name, enabled, settings }) => (enabled ? [[name, { settings }] as const] : []))
  return { hooks, checks, waves, hosts: Object.fromEntries(enabled), lock }
}

/** Those of a plan that its fleet.yaml decides: what a node of the flake says of ssh is left out. */
export function decidedByFleet({ hosts, ...body }: RunsThere): RunsThere {
  const entries = Object.entries(hosts).map(([name, { settings }]) => [name, { settings }] as const)
  return { ...body, hosts: Object.fromEntries(entries) }
}

function keyOf({ kind, name, what }: RunsHere): string {
  return JSON.stringify([kind, name, what])
}

function checkHere(name: string, check: Check): readonly RunsHere[] {
  switch (check.type) {
    case 'command':
      if (check.from === 'host') return []
      return [{ kind: 'check', name, what: typeof check.run === 'string' ? check.run : words(check.run) }]
    case 'module': {
      const given = check.with == null ? '' : ` ${JSON.stringify(check.with)}`
      return [{ kind: 'module', name, what: `${check.path}${given}` }]
    }
    case 'http':
      return check.from === 'host' ? [] : [{ kind: 'check', name, what: `${check.method} ${check.url}` }]
    case 'tcp':
      if (check.from === 'host') return []
      return [{ kind: 'check', name, what: `connects to ${check.address ?? 'the host'}, port ${check.port}` }]
    case 'ssh':
    case 'systemd':
      return []
  }
}

function optionsHere(options: readonly (readonly [string, string])[]): readonly RunsHere[] {
  return options.flatMap(([name, what]): readonly RunsHere[] =>
    programs.includes(name.toLowerCase()) ? [{ kind: 'ssh', name, what }] : [],
  )
}

/** What a flake's node of deploy-rs says of ssh goes into the same file. */
function nodeOptions(node: DeployRsNode | null): readonly RunsHere[] {
  if (node === null) return []
  const lines = sshOptions(node.sshOpts).lines.map((line): readonly [string, string] => {
    const [name = '', ...rest] = line.split(' ')
    return [name, rest.join(' ')]
  })
  return optionsHere(lines)
}

function words(run: readonly string[]): string {
  // A plan file may hold what no argument can.
  return run.map((word) => quote(word.replaceAll('\0', '\u2400'))).join(' ')
}
