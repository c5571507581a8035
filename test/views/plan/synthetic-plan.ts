import type { HostPlan, Plan } from '../../../src/model/plan/plan-schema.ts'
import {
  changed,
  type Draft,
  samplePlan,
  sampleWave,
  unchanged,
  unevaluated,
  unreachable,
} from '../../rig/samples/plan.ts'
import { everyDifference } from './sample-plans.ts'

/** A fleet of so many hosts in twenty waves, with a few changes that many share and some of their own. */
export function synthetic(count: number): Plan {
  const drafts: Record<string, Draft<HostPlan>> = {}
  for (let index = 0; index < count; index++) {
    const name = `host-${String(index).padStart(5, '0')}`
    drafts[name] = syntheticHost(name, index)
  }
  const names = Object.keys(drafts)
  const size = Math.ceil(count / 20)
  const waves = Array.from({ length: 20 }, (_, wave) =>
    sampleWave(`wave-${wave}`, names.slice(wave * size, (wave + 1) * size), { maxParallel: 16 }),
  )
  return samplePlan(
    drafts,
    waves.filter(({ hosts }) => hosts.length > 0),
  )
}

function syntheticHost(name: string, index: number): Draft<HostPlan> {
  if (index % 50 === 0) return unreachable(name)
  if (index % 77 === 0) return unevaluated(name)
  if (index % 5 === 0) return unchanged(name)
  const kind = index % 10 === 9 ? index : index % 7
  const packages = Array.from({ length: 150 }, (_, at) => ({
    name: `package-${at}`,
    from: [`${kind}.${at}`],
    to: [`${kind}.${at + 1}`],
    direction: 'up' as const,
    selected: at % 10 === 0,
  }))
  const units = Array.from({ length: 60 }, (_, at) => `unit-${at}.service`)
  return changed(name, {
    ...everyDifference,
    packages,
    units: {
      ...everyDifference.units,
      restarted: units,
      pathsOnly: units.slice(5),
      stopped: [],
      started: [],
      reloaded: [],
    },
  })
}
