import type { HostExec } from '../../model/host/exec-schema.ts'

/** Hosts of which the same is to be said. */
export interface ExecGroup {
  readonly hosts: readonly string[]
  /** What became of it on the first of them. */
  readonly like: HostExec
}

/**
 * Hosts with the same ending, exit code and output together. Those on which it went well come first, the largest group ahead;
 * what went wrong comes last, where a screen ends.
 */
export function groupsOf(hosts: Readonly<Record<string, HostExec>>): readonly ExecGroup[] {
  const groups = new Map<string, { readonly hosts: string[]; readonly like: HostExec }>()
  for (const [name, like] of Object.entries(hosts)) {
    const key = JSON.stringify(saidOf(like))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { hosts: [name], like })
    else group.hosts.push(name)
  }
  return [...groups.values()].toSorted((a, b) => rankOf(a.like) - rankOf(b.like) || b.hosts.length - a.hosts.length)
}

/** What of a host is the same in a group. */
function saidOf(host: HostExec): readonly unknown[] {
  switch (host.result) {
    case 'ended':
      return [host.result, host.exitCode, host.stdout, host.stderr, host.isCut, host.isErrorCut]
    case 'timed-out':
      return [host.result, host.isEnded, host.stdout, host.stderr, host.isCut, host.isErrorCut]
    case 'lost':
    case 'unreachable':
      // The sentences name the address.
      return [host.result, host.failure.code, host.failure.summary]
    case 'interrupted':
    case 'not-started':
      return [host.result]
  }
}

function rankOf(host: HostExec): number {
  if (host.result === 'ended') return host.exitCode === 0 ? 0 : 1
  return ['timed-out', 'lost', 'unreachable', 'interrupted', 'not-started'].indexOf(host.result) + 2
}
