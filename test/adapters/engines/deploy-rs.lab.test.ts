import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { deployRsEngine } from '../../../src/adapters/engines/deploy-rs.ts'
import { engineContract } from '../../contracts/engine.ts'
import { deployRsTarget, installDeployRs } from '../../rig/lab/deploy-rs-target.ts'
import { writeDeploy } from '../../rig/doubles/engines/deploy-rs.ts'

const programs = mkdtempSync(join(tmpdir(), 'fleet-programs-'))
const { PATH } = process.env

beforeAll(() => {
  writeDeploy(programs)
  process.env['PATH'] = `${programs}:${PATH}`
})
afterAll(() => {
  process.env['PATH'] = PATH
  rmSync(programs, { recursive: true })
})

engineContract({
  name: 'deploy-rs',
  make: ({ remote, clock }) => deployRsEngine(remote, clock, 1_000),
  target: deployRsTarget,
  install: ({ lab }, host) => installDeployRs(lab, host),
  rollsBackOldFailures: true,
  answers: { 'lost-during': 'lost', 'lost-after': 'failed', 'aborted-during': 'lost', 'no-effect': 'done' },
  // An activation whose connection goes breaks off at its next line and does not go back.
  sshdStops: 'stay',
  mayLeave: /^ssh .*activate-rs /,
})
