import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { HostDescription } from '../lab/description.ts'
import { type Lab, startLab } from '../lab/lab.ts'
import { Operator } from './fleet.ts'

/** What a file of tests plays on. */
interface StageSetting {
  readonly hosts: Readonly<Record<string, HostDescription>>
  /** What stands below the hosts in fleet.yaml. */
  readonly rollout?: string
  /** Each host's settings, in the words of fleet.yaml. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Hosts, and an operator in front of them who is another for each test. */
export interface Stage {
  readonly lab: Lab
  readonly operator: Operator
  /** Grows by one with each test, so that each can change something that no test before it had. */
  readonly revision: number
}

/** One lab for all tests of a file; each test begins with whole hosts that all have something to do. */
export function openStage({ hosts, rollout = '', settings = {} }: StageSetting): Stage {
  let lab: Lab | undefined
  let operator: Operator | undefined
  let revision = 0
  beforeAll(async () => {
    lab = await startLab({ hosts })
  })
  beforeEach(async () => {
    if (lab === undefined) throw new Error('bug: the lab is not up')
    operator = new Operator(lab)
    operator.write(rollout, settings)
    revision += 1
    await lab.set('*', 'motd', `revision ${revision}`)
  })
  afterEach(async () => {
    for (const host of Object.keys(hosts)) await lab?.mend(host)
    operator?.close()
  })
  afterAll(() => lab?.stop())
  return {
    get lab() {
      if (lab === undefined) throw new Error('bug: the lab is not up')
      return lab
    },
    get operator() {
      if (operator === undefined) throw new Error('bug: no test has begun')
      return operator
    },
    get revision() {
      return revision
    },
  }
}
