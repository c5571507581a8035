import { nixosRebuildEngine } from '../../../src/adapters/engines/nixos-rebuild.ts'
import { engineContract } from '../../contracts/engine.ts'
import { DoubleNixosRebuild } from '../../rig/doubles/engines/nixos-rebuild.ts'

const double = new DoubleNixosRebuild()

engineContract({
  name: 'nixos-rebuild',
  make: ({ remote, clock }) => nixosRebuildEngine(remote, clock),
  answers: { 'lost-during': 'lost', 'lost-after': 'lost', 'aborted-during': 'lost', 'no-effect': 'done' },
  // It runs what it is told to: no confirmation, and no end to an activation.
  confirms: false,
  close: () => double.close(),
})
