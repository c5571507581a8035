import { systemClock } from '../../../src/adapters/clock.ts'
import { DoubleLocks } from './locks.ts'
import { sampleSettings } from '../samples/plan.ts'
import { lockContract } from '../../contracts/lock.ts'

lockContract('the double', () => {
  const ours = new DoubleLocks(systemClock)
  return {
    ours,
    theirs: new DoubleLocks(systemClock, ours),
    hosts: [
      { name: 'alpha', settings: sampleSettings('alpha') },
      { name: 'beta', settings: sampleSettings('beta') },
    ],
    cut: async ({ name }) => ours.lose(name),
  }
})
