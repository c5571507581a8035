import type { Diagnostic } from '../../model/diagnostic.ts'
import { diagnosticsText } from '../../views/terminal/diagnostics.ts'
import type { Common } from '../arguments/command.ts'
import { styleOf, type Terminal } from './terminal.ts'

/** Writes diagnostics to stderr, each whole. */
export function tell(diagnostics: readonly Diagnostic[], terminal: Terminal, { color }: Common): void {
  if (diagnostics.length === 0) return
  terminal.stderr.write(diagnosticsText(diagnostics, styleOf(terminal.stderr, terminal, color)))
}
