import { type Code, codes, isKnown } from '../../../model/codes/codes.ts'
import { diagnostic, type Diagnostic } from '../../../model/diagnostic.ts'
import { nearest, quoteList } from '../../../pipeline/settings/suggest.ts'
import { codeText } from '../../../views/codes/text.ts'
import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

/** `fleet explain CODE`: what a code means and what to do. Contacts no host and reads no file. */
export async function explain(flags: Common & { readonly code: string }, { terminal }: Context): Promise<number> {
  // A message has it in brackets, and people copy them.
  const code = flags.code.replace(/^\[(.*)\]$/, '$1')
  if (!isKnown(code)) {
    tell([unknownCode(code)], terminal, flags)
    return exitCode.usage
  }
  terminal.stdout.write(codeText(code, codes[code], styleOf(terminal.stdout, terminal, flags.color)))
  return exitCode.done
}

function unknownCode(code: string): Diagnostic {
  const known = Object.keys(codes) as Code[]
  const meant = nearest(code, known)
  const alike = known.filter((one) => one.split('/')[0] === code.split('/')[0])
  const hint =
    meant !== null
      ? `Did you mean \`${meant}\`?`
      : alike.length > 0
        ? `These start like it: ${quoteList(alike)}.`
        : 'A code holds a slash, for example `ssh/no-answer`; a message has it in brackets.'
  return diagnostic('usage/unknown-code', codes['usage/unknown-code'].title, `There is no code \`${code}\`. ${hint}`)
}
