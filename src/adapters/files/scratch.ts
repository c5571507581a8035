import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Found } from '../../model/host/system.ts'

/**
 * Makes a temporary directory that nobody else can read, with a path that needs no quotes: Nix and deploy-rs split the
 * options of ssh at blanks. Where TMPDIR has other characters it is in /tmp.
 */
export async function makeScratch(prefix: string): Promise<Found<string>> {
  const wanted = tmpdir()
  const parent = /^[\w/.+-]+$/.test(wanted) ? wanted : '/tmp'
  try {
    return { ok: true, value: await mkdtemp(join(parent, prefix)) }
  } catch (error) {
    return { ok: false, failure: unwritable(error) }
  }
}

/** Why files that ssh needs could not be written; what is no error of the system is thrown again. */
export function unwritable(error: unknown) {
  if (!(error instanceof Error && 'syscall' in error)) throw error
  const detail = `${error.message}. Set TMPDIR to a directory that can be written, and see whether its disk is full.`
  return { code: 'ssh/no-files', summary: 'temporary files for ssh could not be written', detail } as const
}
