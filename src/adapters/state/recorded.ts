import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../../model/event-schema.ts'
import type { Plan } from '../../model/plan-schema.ts'
import type { Recorded } from '../../model/recorded.ts'

/** What run directories, oldest first, say of each host; what a crash left half written says nothing. */
export function recordedIn(directories: readonly string[]): ReadonlyMap<string, Recorded> {
  const systems = new Map<string, Set<string>>()
  const machines = new Map<string, string>()
  for (const directory of directories) {
    for (const { body } of parsed([textOf(join(directory, 'plan.json'))]) as readonly Plan[])
      for (const [host, planned] of Object.entries(body.hosts))
        if ('from' in planned && planned.from?.machine != null) machines.set(host, planned.from.machine)
    for (const event of parsed(textOf(join(directory, 'journal.jsonl')).split('\n')) as readonly Event[])
      for (const [host, system] of systemsOf(event)) systems.set(host, (systems.get(host) ?? new Set()).add(system))
  }
  const hosts = new Set([...systems.keys(), ...machines.keys()])
  return new Map(
    [...hosts].map((host) => [host, { systems: systems.get(host) ?? new Set(), machine: machines.get(host) ?? null }]),
  )
}

/** Systems that an event says the host runs, or ran when the run began. */
function systemsOf(event: Event): readonly (readonly [string, string])[] {
  switch (event.type) {
    case 'host.started':
      return [
        [event.host, event.from],
        [event.host, event.to],
      ]
    case 'host.succeeded':
    case 'host.rolled-back':
      return event.system === null ? [] : [[event.host, event.system]]
    default:
      return []
  }
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function parsed(texts: readonly string[]): readonly unknown[] {
  return texts.flatMap((text): unknown[] => {
    if (text === '') return []
    try {
      return [JSON.parse(text)]
    } catch (error) {
      if (error instanceof SyntaxError) return []
      throw error
    }
  })
}
