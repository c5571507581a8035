import { type FaultRates, noFaults } from '../../adapters/simulation/fault.ts'

/** What `--simulate` plays: a seed, and how likely each fault is. */
export interface Simulate {
  readonly seed: number
  readonly faults: FaultRates
}

/** The options of `apply` that are about a simulation, as they are written. */
export interface RawSimulate {
  readonly simulate: boolean
  readonly seed?: string
  readonly faults?: string
}

/** Reads them; null: nothing is simulated. `wrong` ends with a usage error. */
export function simulateFlags(
  { simulate, seed, faults }: RawSimulate,
  wrong: (message: string) => never,
): Simulate | null {
  if (!simulate)
    return seed === undefined && faults === undefined ? null : wrong('--seed and --faults go with --simulate')
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    wrong(`--seed takes a whole number of up to nine digits, not ${seed}`)
  return { seed: Number(seed ?? 1), faults: ratesOf(faults ?? '', wrong) }
}

function ratesOf(text: string, wrong: (message: string) => never): FaultRates {
  const known = Object.keys(noFaults)
  const rates = text.split(',').flatMap((part): readonly (readonly [string, number])[] => {
    if (part.trim() === '') return []
    const [kind = '', rate = ''] = part.split('=').map((word) => word.trim())
    if (!known.includes(kind) || !/^(0?\.\d+|0|1|1\.0+)$/.test(rate))
      wrong(`--faults takes ${known.join(', ')}, each with a share from 0 to 1 such as fail=0.01, not ${part.trim()}`)
    return [[kind, Number(rate)]]
  })
  const drawn = { ...noFaults, ...Object.fromEntries(rates) }
  const sum = Object.values(drawn).reduce((total, rate) => total + rate, 0)
  return sum > 1 ? wrong(`--faults gives a host more than one fault: the shares add up to ${sum}`) : drawn
}
