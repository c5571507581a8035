import type { Lab } from '../lab.ts'

/** A unit as systemd has it: `invocation` is another one each time it was started, and empty for what never was. */
export interface SeenUnit {
  readonly state: string
  readonly invocation: string
}

/** What became of units between two looks, each list in order of names. */
export interface Happened {
  readonly restarted: readonly string[]
  readonly started: readonly string[]
  readonly stopped: readonly string[]
}

/** All units that a host's systemd has loaded, by name, asked without ssh; of a user's manager where that is named by uid. */
export async function seenUnits(lab: Lab, host: string, uid?: number): Promise<ReadonlyMap<string, SeenUnit>> {
  const systemctl = uid === undefined ? 'systemctl' : `/lab/bin/as-user ${uid} systemctl --user`
  const answer = await lab.inside(host, `${systemctl} show --all '*' --property=Id,ActiveState,InvocationID`)
  if (answer.code !== 0) throw new Error(`${host} could not list its units: ${answer.stderr}`)
  const units = new Map<string, SeenUnit>()
  for (const record of answer.stdout.trimEnd().split('\n\n')) {
    const values = new Map(record.split('\n').map((line) => splitAt(line, line.indexOf('='))))
    const state = values.get('ActiveState') ?? ''
    units.set(values.get('Id') ?? '', { state, invocation: values.get('InvocationID') ?? '' })
  }
  return units
}

function splitAt(line: string, at: number): readonly [string, string] {
  return [line.slice(0, at), line.slice(at + 1)]
}

/** What happened to the units of those names between two looks. A oneshot that ran and ended counts as started. */
export function happened(
  before: ReadonlyMap<string, SeenUnit>,
  after: ReadonlyMap<string, SeenUnit>,
  names: readonly string[],
): Happened {
  const isUp = (unit: SeenUnit | undefined) => unit?.state === 'active' || unit?.state === 'activating'
  const isOther = (name: string) => {
    const invocation = after.get(name)?.invocation ?? ''
    return invocation !== '' && invocation !== before.get(name)?.invocation
  }
  const sorted = names.toSorted()
  return {
    restarted: sorted.filter((name) => isUp(before.get(name)) && isUp(after.get(name)) && isOther(name)),
    started: sorted.filter((name) => !isUp(before.get(name)) && isOther(name)),
    stopped: sorted.filter((name) => isUp(before.get(name)) && !isUp(after.get(name))),
  }
}
