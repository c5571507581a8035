import { expect, test } from 'vitest'
import { approveAndCarryOut } from '../../../../src/cli/commands/rollouts/apply.ts'
import type { Context } from '../../../../src/cli/session/context.ts'
import type { OpenSession } from '../../../../src/cli/session/session.ts'
import type { World } from '../../../../src/cli/world.ts'
import { noOverrides } from '../../../../src/model/run/overrides.ts'
import { Signals } from '../../../rig/doubles/run.ts'
import { worldOf } from '../../../rig/doubles/world.ts'
import { sampleWave } from '../../../rig/samples/plan.ts'

test('your own no ends apply as cancelled, not as an error: nothing is changed, exit 5', async () => {
  const world = worldOf(['one'], { waves: [sampleWave('all', ['one'])] })
  world.ask.answers = async () => false
  const written = { stdout: '', stderr: '' }
  const session = {
    flags: {
      waves: [],
      on: [],
      planId: null,
      allowDirty: false,
      autoApprove: false,
      json: true,
      overrides: noOverrides,
    },
    context: { terminal: terminalInto(written), interrupts: new Signals() } as unknown as Context,
    world,
    ask: world.ask,
  } as unknown as OpenSession<World>

  expect(await approveAndCarryOut(world.plan, session)).toBe(5)
  expect(written).toEqual({
    stdout: 'Apply cancelled: you did not answer yes. Nothing was changed.\n',
    stderr: '',
  })
  expect(world.ask.questions).toEqual(['\nRoll out this plan? 1 of 1 selected host changes: one.'])
  expect(world.facts).toEqual([])
})

function terminalInto(written: { stdout: string; stderr: string }) {
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) })
  return { stdin: {}, stdout: stream('stdout'), stderr: stream('stderr'), environment: {}, log: null }
}
