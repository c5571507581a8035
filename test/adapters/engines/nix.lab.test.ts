import { nixEngine } from '../../../src/adapters/engines/nix.ts'
import { engineContract } from '../../contracts/engine.ts'

engineContract({
  name: 'nix',
  make: ({ remote, clock }) => nixEngine(remote, clock),
  answers: { 'lost-during': 'done', 'lost-after': 'failed', 'aborted-during': 'lost', 'no-effect': 'done' },
})
