import type { Diagnostic } from '../../model/diagnostic.ts'
import { diagnostic } from '../../model/diagnostic.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import { refusedRun } from '../../pipeline/run/start/refused-run.ts'
import { exitCode } from './context.ts'
import { newRun } from './new-run.ts'
import { operator } from '../open/place.ts'
import type { Session } from './session.ts'
import { tell } from './tell.ts'
import { version } from '../open/version.ts'
import { json } from '../../views/markup/json.ts'

/**
 * Says why nothing is rolled out: diagnostics on stderr, and on stdout the last line, or with `--json` the stream of a run
 * that never began. Returns the exit code.
 */
export function refuse(
  diagnostics: readonly Diagnostic[],
  { flags, context: { terminal } }: Session,
  code: number = exitCode.refused,
  plan: Plan | null = null,
): number {
  tell(diagnostics, terminal, flags)
  const [first] = diagnostics
  if (code === exitCode.usage || first === undefined) return code
  if (flags.json) {
    const now = Date.now()
    const known = { name: plan?.body.name ?? '', planId: plan?.planId ?? '', version: version(), operator: operator() }
    const { overrides } = flags
    const events = refusedRun({ run: newRun(now), ...known, overrides, now, exitCode: code, diagnostics })
    terminal.stdout.write(events.map((event) => `${json(event)}\n`).join(''))
  } else if (code === exitCode.refused) terminal.stdout.write(`Apply refused: ${first.summary}.\n`)
  return code
}

/** Says that a signal came before anything had started. Returns the exit code. */
export function refuseInterrupted(session: Session, plan: Plan | null = null): number {
  const { reason } = session.context.interrupts.first as { readonly reason: unknown }
  const detail = `${String(reason)} arrived before the rollout started. Nothing was changed.`
  const code = reason === 'SIGTERM' ? exitCode.terminated : exitCode.interrupted
  return refuse([diagnostic('apply/interrupted', 'interrupted', detail)], session, code, plan)
}
