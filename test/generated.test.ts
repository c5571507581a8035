import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

it.each(['generate-types', 'generate-reference'])(
  'what %s writes from the schemas is checked in as it would be written now',
  (script) => {
    const argv = ['--import', 'tsx', `scripts/${script}.ts`, '--check']
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  },
)
