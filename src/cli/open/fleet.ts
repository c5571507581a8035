import { hostname } from 'node:os'
import { readNamedFile } from '../../adapters/files/named-file.ts'
import { readLibrary } from '../../adapters/checks/library.ts'
import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import { type FleetSource, load } from '../../pipeline/settings/load.ts'
import { libraryOf } from '../../pipeline/settings/load/library.ts'
import { resolve } from '../../pipeline/settings/resolve.ts'
import type { Common } from '../arguments/command.ts'
import { directoryOf } from './place.ts'
import { whyUnread } from './why-unread.ts'

/** Bytes of a fleet.yaml: that of thousands of hosts has fewer. */
const largest = 64 * 1024 * 1024

/** A fleet, and the file that means it. */
export interface WrittenFleet {
  readonly fleet: Fleet
  readonly written: FleetSource
}

/** Reads, loads and resolves the fleet.yaml that the command line names. */
export async function openFleet(common: Common): Promise<Outcome<Fleet>> {
  const text = await textOf(common)
  return typeof text === 'string' ? readFleet(text, common) : { ok: false, diagnostics: [text] }
}

/** The same, with where everything stands in the file. */
export async function openWrittenFleet(common: Common): Promise<Outcome<WrittenFleet>> {
  const text = await textOf(common)
  return typeof text === 'string' ? readWritten(text, common) : { ok: false, diagnostics: [text] }
}

/** Loads and resolves the text of a fleet.yaml, which may be another than that on disk. */
export function readFleet(text: string, common: Common): Outcome<Fleet> {
  const read = readWritten(text, common)
  return read.ok ? { ...read, value: read.value.fleet } : read
}

function readWritten(text: string, common: Common): Outcome<WrittenFleet> {
  const loaded = load(text, common.file)
  if (!loaded.ok) return loaded
  const resolved = resolve(loaded.value, {
    directory: directoryOf(common),
    library: libraryOf(readLibrary()),
    hostname: hostname(),
  })
  const diagnostics = [...loaded.diagnostics, ...resolved.diagnostics]
  return resolved.ok
    ? { ok: true, value: { fleet: resolved.value, written: loaded.value }, diagnostics }
    : { ok: false, diagnostics }
}

async function textOf({ file }: Common): Promise<string | Diagnostic> {
  try {
    return await readNamedFile(file, largest)
  } catch (error) {
    return unreadable(file, error as NodeJS.ErrnoException)
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): Diagnostic {
  return diagnostic(
    'config/unreadable',
    'fleet.yaml cannot be read',
    `${file}: ${whyUnread(error)} ${error.code === 'ENOENT' ? `Write one from your flake with \`fleet init\`, or name` : 'Name'} another one with \`-f FILE\`.`,
  )
}
