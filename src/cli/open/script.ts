import { readNamedFile } from '../../adapters/files/named-file.ts'
import { type Outcome, rejected } from '../../model/diagnostic.ts'
import { whyUnread } from './why-unread.ts'

/** Bytes of a script: far more than anybody writes. */
const largest = 4 * 1024 * 1024

/** A script, and the program that reads it from standard input. */
export interface Script {
  readonly text: string
  readonly words: readonly string[]
}

/** Shells that read a program from standard input when they are told so by `-s`. */
const shells = new Set(['sh', 'bash', 'dash', 'ksh', 'zsh'])

/** Reads a script; without `words` the shell of its first line reads it, or sh where that names none. */
export async function openScript(file: string, words: readonly string[]): Promise<Outcome<Script>> {
  const text = await textOf(file)
  if (typeof text !== 'string') return refused(`${file}: ${whyUnread(text)}`)
  if (text.includes('\0')) return refused(`${file} holds a NUL character: it is no script.`)
  if (words.length > 0) return { ok: true, value: { text, words }, diagnostics: [] }
  const interpreter = interpreterOf(text)
  if (shells.has(interpreter)) return { ok: true, value: { text, words: [interpreter, '-s'] }, diagnostics: [] }
  return refused(
    `${file} begins with an interpreter that fleet cannot hand it to, ${JSON.stringify(interpreter)}. Name the program that reads it from standard input, for example \`-- python3 -\`.`,
  )
}

/** The name of the program in the first line of a script. */
function interpreterOf(text: string): string {
  const [, line] = /^#!([^\n]*)/.exec(text) ?? []
  if (line === undefined) return 'sh'
  const [program = '', first = ''] = line.trim().split(/\s+/)
  const name = program.split('/').at(-1) ?? ''
  return name === 'env' ? first : name
}

async function textOf(file: string): Promise<string | NodeJS.ErrnoException> {
  try {
    return await readNamedFile(file, largest)
  } catch (error) {
    const unread = error as NodeJS.ErrnoException
    if (unread.code === undefined) throw error
    return unread
  }
}

function refused(detail: string): Outcome<Script> {
  return rejected('exec/script', 'the script cannot be sent', detail)
}
