import type { Diff } from '../../../src/model/plan/plan-schema.ts'
import { comparePackages, namedByPath } from '../../../src/pipeline/compare/diff/packages.ts'
import { type Facts, unitsBetween } from './facts.ts'

/** One predicted field beside what is there. `missing`: it happened and was not predicted. */
export interface Field {
  readonly outcome: 'right' | 'wrong' | 'missing' | 'unknown'
  readonly says: string
}

/** Holds what a plan predicted of one host to what was there before and after it was applied. */
export function judge(diff: Diff, before: Facts, after: Facts): readonly Field[] {
  return [
    ...judgeUnits(diff, before, after),
    ...listed(
      '/etc',
      diff.etc?.map(({ path, change }) => `${path} ${change}`),
      etcBetween(before, after),
    ),
    ...listed('user added', diff.users?.added, only(after.users, before.users)),
    ...listed('user removed', diff.users?.removed, only(before.users, after.users)),
    ...listed('port opened', diff.firewall?.opened, only(after.ports, before.ports)),
    ...listed('port closed', diff.firewall?.closed, only(before.ports, after.ports)),
    ...judgePackages(diff, before, after),
    judgeReboot(diff, after),
    { outcome: before.bootId === after.bootId ? 'right' : 'wrong', says: 'boot id' },
  ]
}

function judgeUnits({ units }: Diff, before: Facts, after: Facts): readonly Field[] {
  if (units === null) return [{ outcome: 'unknown', says: 'units' }]
  const real = unitsBetween(before, after)
  const touched = new Set([...real.restarted, ...real.stopped])
  const opaque = [...(units.unclear ?? []), ...(units.opaque ?? [])]
  const { restartedWith = [], stoppedWith = [], alsoStarted = [] } = units
  const all = (names: readonly string[], more: readonly { readonly unit: string }[]) => [
    ...names,
    ...more.map(({ unit }) => unit),
  ]
  return [
    ...listed('restarted', all(units.restarted, restartedWith), real.restarted),
    ...listed('stopped', all(units.stopped, stoppedWith), real.stopped),
    ...listed('started', all(units.started, alsoStarted), real.started),
    ...listed('reloaded', units.reloaded, real.reloaded),
    ...(units.notStopped ?? []).map((name): Field => ({
      outcome: touched.has(name) ? 'wrong' : 'right',
      says: `not stopped ${name}`,
    })),
    ...opaque.map((name): Field => ({ outcome: 'unknown', says: `unit ${name}` })),
  ]
}

function judgePackages({ packages }: Diff, before: Facts, after: Facts): readonly Field[] {
  const side = (paths: readonly string[]) =>
    ({ how: 'built', value: { scope: 'closure', paths, selected: [] } }) as const
  const real = comparePackages(side(before.closure), side(after.closure), namedByPath) ?? []
  const words = (list: Diff['packages']) =>
    list
      ?.filter(({ from, to }) => [...from, ...to].some((version) => version !== ''))
      .map(({ name, from, to }) => `${name} ${from.join(',')} → ${to.join(',')}`)
  return listed('package', words(packages), words(real) ?? [])
}

function judgeReboot({ reboot }: Diff, after: Facts): Field {
  const says = 'reboot needed'
  if (reboot.needed === null) return { outcome: 'unknown', says }
  if (reboot.needed === after.bootsOther) return { outcome: 'right', says }
  return { outcome: reboot.needed ? 'wrong' : 'missing', says }
}

function etcBetween(before: Facts, after: Facts): readonly string[] {
  const paths = [...new Set([...before.etc.keys(), ...after.etc.keys()])].filter((path) => path !== 'systemd/system')
  return paths.flatMap((path) => {
    const [one, other] = [before.etc.get(path), after.etc.get(path)]
    if (one === other) return []
    return [`${path} ${one === undefined ? 'added' : other === undefined ? 'removed' : 'changed'}`]
  })
}

function only(list: readonly string[], others: readonly string[]): readonly string[] {
  return list.filter((name) => !others.includes(name))
}

/** A field for each name that was predicted or is real; one alone that is unknown where nothing was predicted. */
function listed(kind: string, predicted: readonly string[] | null | undefined, real: readonly string[]): Field[] {
  if (predicted === null || predicted === undefined) return [{ outcome: 'unknown', says: kind }]
  return [...new Set([...predicted, ...real])].map((name) => {
    const outcome = !real.includes(name) ? 'wrong' : predicted.includes(name) ? 'right' : 'missing'
    return { outcome, says: `${kind} ${name}` }
  })
}
