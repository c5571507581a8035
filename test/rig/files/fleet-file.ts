import { readLibrary } from '../../../src/adapters/checks/library.ts'
import type { Outcome } from '../../../src/model/diagnostic.ts'
import type { Fleet } from '../../../src/model/fleet/fleet.ts'
import { load } from '../../../src/pipeline/settings/load.ts'
import { libraryOf } from '../../../src/pipeline/settings/load/library.ts'
import { resolve } from '../../../src/pipeline/settings/resolve.ts'

/** The checks that ship with fleet. */
export const library = libraryOf(readLibrary())

/** What a whole fleet.yaml means, or what is wrong with it. */
export function outcomeOf(text: string): Outcome<Fleet> {
  const loaded = load(text, 'fleet.yaml')
  return loaded.ok ? resolve(loaded.value, { directory: '/srv/lab', library }) : loaded
}

const head = 'version: 1\nname: home-lab\n'

/** The fleet that a file means which begins with version and name. */
export function fleetOf(body: string): Fleet {
  const outcome = outcomeOf(head + body)
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ detail }) => detail).join('\n'))
  return outcome.value
}

/** `line code` of everything that is wrong; the body begins on line 3. */
export function wrong(body: string): readonly string[] {
  return outcomeOf(head + body).diagnostics.map(({ code, place }) => `${place?.line} ${code}`)
}
