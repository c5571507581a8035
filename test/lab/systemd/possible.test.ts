import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ask } from '../run.ts'
import { noSystemd } from './on-systemd.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

it.skipIf(noSystemd)('a machine that may make no network says so in one sentence, and makes nothing', async () => {
  const directory = join(tmpdir(), `fleet-lab-refused-${process.pid}`)
  const lab = ['npx', 'tsx', main, 'up', '--systemd', '--hosts', '1', '--dir', directory]
  const { code, stdout, stderr } = await ask('setpriv', ['--bounding-set=-net_admin', '--inh-caps=-all', ...lab])
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'lab: This machine cannot make hosts with a real systemd, because it has not a network namespace with a bridge and a veth pair: RTNETLINK answers: Operation not permitted. The lab without --systemd works: its hosts play systemd.\n',
  })
})
