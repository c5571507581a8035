import { expect, test } from 'vitest'
import { selectHosts } from '../../../src/cli/open/select-hosts.ts'
import { sampleWave } from '../../rig/samples/plan.ts'

const waves = [sampleWave('all', ['web-1'])]

test('a host that is switched off is called disabled, not unknown', () => {
  const selected = selectHosts({ waves: [], on: ['web-2'] }, waves, {}, ['web-2'])
  expect(selected).toMatchObject({ ok: false, diagnostics: [{ code: 'usage/disabled-host' }] })
  const unknown = selectHosts({ waves: [], on: ['web-3'] }, waves, {}, ['web-2'])
  expect(unknown).toMatchObject({ ok: false, diagnostics: [{ code: 'config/unknown-host' }] })
})
