import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from '../run.ts'
import { recordings, type Recording, type Units } from './recordings.ts'

const rules = fileURLToPath(new URL('../flake/system/unit-actions.awk', import.meta.url))

it.each(recordings.map((recording) => [recording.edit, recording] as const))(
  'the rules do as real NixOS did when %s',
  async (_, recording) => {
    const directory = mkdtempSync(join(tmpdir(), 'fleet-recording-'))
    try {
      expect(await decided(directory, recording)).toEqual(recording.did.toSorted())
    } finally {
      rmSync(directory, { recursive: true })
    }
  },
)

async function decided(directory: string, recording: Recording): Promise<readonly string[]> {
  const { before, after, fstab, inactive = [] } = recording
  writeUnits(join(directory, 'old'), before)
  writeUnits(join(directory, 'new'), after)
  const lists = { old: listOf(before), new: listOf(after), 'old-fstab': fstab?.before, 'new-fstab': fstab?.after }
  for (const [name, text] of Object.entries(lists)) writeFileSync(join(directory, `${name}.list`), `${text ?? ''}\n`)
  const at = (name: string) => join(directory, name)
  const variables = {
    old: at('old'),
    new: at('new'),
    old_list: at('old.list'),
    new_list: at('new.list'),
    old_fstab: at('old-fstab.list'),
    new_fstab: at('new-fstab.list'),
  }
  const input = activeUnits(before)
    .filter((name) => !inactive.includes(name))
    .map((name) => `${name} active\n`)
    .join('')
  const options = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`])
  const said = await run('awk', [...options, '-f', rules], { input })
  return said.split('\n').filter(Boolean).toSorted()
}

// An instance is active where it has a drop-in of its own; a template never is.
function activeUnits(units: Units): readonly string[] {
  const names = Object.keys(units).map((name) => name.replace(/\.d\/.*/, ''))
  return [...new Set(names)].filter((name) => !name.includes('@.'))
}

function listOf(units: Units): string {
  return Object.entries(units)
    .map(([name, text]) => `${text === null ? 'm' : 'f'} ${name}`)
    .join('\n')
}

function writeUnits(directory: string, units: Units): void {
  mkdirSync(directory)
  for (const [name, text] of Object.entries(units)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    if (text === null) symlinkSync('/dev/null', join(directory, name))
    else writeFileSync(join(directory, name), text)
  }
}
