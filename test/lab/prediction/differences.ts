import { openPorts } from '../../../src/model/host/firewall-rules.ts'
import type { Known } from '../../../src/model/host/nixos-system.ts'
import type { Diff } from '../../../src/model/plan/plan-schema.ts'
import type { HostSides } from '../../../src/pipeline/compare/sides.ts'
import { compare } from '../../../src/pipeline/compare/compare.ts'
import { comparePackages, namedByPath } from '../../../src/pipeline/compare/diff/packages.ts'
import { readFile } from 'node:fs/promises'
import type { BuiltSystem, SwitchActions } from './reality.ts'

/** Where a prediction and what is really there disagree, and how many fields the prediction left open. */
export interface Verdict {
  readonly wrong: readonly string[]
  readonly unknown: readonly string[]
  readonly compared: number
}

/** Holds a prediction to two built systems and to what the switch between them said, field by field. */
export async function judge(
  sides: HostSides,
  { from, to, actions }: { readonly from: BuiltSystem; readonly to: BuiltSystem; readonly actions: SwitchActions },
): Promise<Verdict> {
  const judgement = new Judgement()
  const { after } = sides
  const found = compare(sides)
  judgement.known('toplevel', { how: 'predicted', value: after.toplevel }, to.toplevel)
  judgement.known('boot', after.boot, {
    kernel: to.links.kernel,
    initrd: to.links.initrd,
    kernelModules: to.links['kernel-modules'],
    kernelParams: to.kernelParams.split(' '),
  })
  judgement.known('systemd', after.systemd, to.links.systemd)
  judgement.known('etc map', after.etc, to.etc)
  judgement.known('users', after.users, to.accounts?.users)
  judgement.known('groups', after.groups, to.accounts?.groups)
  judgement.known('inhibitors', after.inhibitors, new Map(Object.entries(to.inhibitors as Record<string, string>)))
  judgement.known('open ports', after.firewall, { enabled: true, ports: openPorts(to.firewall) })
  judgement.same('reboot', found.reboot.needed, rebootNeeded(sides, to))
  judgePackages(judgement, found, from, to)
  judgeEtc(judgement, found, from, to)
  judgeUnits(judgement, found, actions)
  await judgeTexts(judgement, sides)
  judgement.open('closure size', found.sizeDelta)
  judgement.open('causes', found.causes)
  return judgement
}

class Judgement implements Verdict {
  readonly wrong: string[] = []
  readonly unknown: string[] = []
  compared = 0

  known<T>(field: string, predicted: Known<T>, real: unknown): void {
    if (predicted.how === 'unknown') this.unknown.push(`${field}: ${predicted.why}`)
    else this.same(field, predicted.value, real)
  }

  same(field: string, predicted: unknown, real: unknown): void {
    this.compared += 1
    const [one, other] = [shown(predicted), shown(real)]
    if (one !== other) this.wrong.push(`${field}: predicted ${one}, really ${other}`)
  }

  open(field: string, value: unknown): void {
    if (value == null) this.unknown.push(field)
  }
}

function judgePackages(judgement: Judgement, { packages }: Diff, from: BuiltSystem, to: BuiltSystem): void {
  if (packages === null) {
    judgement.unknown.push('packages')
    return
  }
  const side = ({ requisites }: BuiltSystem) =>
    ({ how: 'built', value: { scope: 'closure', paths: requisites, selected: [] } }) as const
  const real = comparePackages(side(from), side(to), namedByPath) ?? []
  const versions = (list: Diff['packages']) =>
    (list ?? [])
      .filter(({ from, to }) => [...from, ...to].some((version) => version !== ''))
      .map(({ name, from, to }) => ({ name, from, to }))
  judgement.same('packages', versions(packages), versions(real))
}

function judgeEtc(judgement: Judgement, { etc }: Diff, from: BuiltSystem, to: BuiltSystem): void {
  if (etc === null) {
    judgement.unknown.push('changes of /etc')
    return
  }
  const paths = [...new Set([...from.etc.keys(), ...to.etc.keys()])]
    .filter((path) => path !== 'systemd/system')
    .toSorted()
  const real = paths.flatMap((path) => {
    const [one, other] = [from.etc.get(path), to.etc.get(path)]
    if (shown(one) === shown(other)) return []
    return [`${path} ${one === undefined ? 'added' : other === undefined ? 'removed' : 'changed'}`]
  })
  judgement.same(
    'changes of /etc',
    etc.map(({ path, change }) => `${path} ${change}`),
    real,
  )
  for (const { path, change, inherited } of etc)
    if (change === 'changed') judgement.open(`whether ${path} changes itself`, inherited)
}

function judgeUnits(judgement: Judgement, { units }: Diff, actions: SwitchActions): void {
  if (units === null) {
    judgement.unknown.push('units')
    return
  }
  const { stop, start, restart, reload, skip, brought } = actions
  const both = stop.filter((unit) => start.includes(unit))
  const real = {
    restarted: [...restart, ...both].toSorted(),
    stopped: stop.filter((unit) => !start.includes(unit)),
    started: [...new Set([...start.filter((unit) => !stop.includes(unit)), ...brought])].toSorted(),
    reloaded: reload,
    notStopped: skip,
  }
  const { restarted, stopped, started, reloaded, notStopped } = units
  judgement.same('units', { restarted, stopped, started, reloaded, notStopped }, real)
  if ('unclear' in units) judgement.unknown.push(`units ${shown(units.unclear)}`)
}

/** Every text that was predicted must be in the file that was built. */
async function judgeTexts(judgement: Judgement, { after }: HostSides): Promise<void> {
  const paths = after.etc.how === 'unknown' ? [] : [...after.etc.value.values()].map(({ source }) => source)
  const units =
    after.units.how === 'unknown'
      ? []
      : [...after.units.value.files.values()].flatMap(({ main, dropIns }) => [main ?? '', ...dropIns])
  for (const path of [...paths, ...units]) {
    const text = after.texts.get(path)
    if (text !== undefined) judgement.same(`text of ${path}`, text, await readFile(path, 'utf8'))
  }
}

function rebootNeeded({ observation, before, after }: HostSides, to: BuiltSystem): boolean {
  const { kernel, initrd, kernelModules, kernelParams } = observation.bootLinks
  const inhibited =
    before.inhibitors.how !== 'unknown' &&
    after.inhibitors.how !== 'unknown' &&
    shown(before.inhibitors.value) !== shown(after.inhibitors.value)
  const same = kernel === to.links.kernel && initrd === to.links.initrd && kernelModules === to.links['kernel-modules']
  return inhibited || !same || kernelParams?.join(' ') !== to.kernelParams
}

/** JSON in one order, with maps and sets in it. */
function shown(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      if (inner instanceof Map)
        return Object.fromEntries([...(inner as Map<string, unknown>)].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      if (inner instanceof Set) return [...(inner as Set<string>)].toSorted()
      return inner
    }) ?? 'nothing'
  )
}
