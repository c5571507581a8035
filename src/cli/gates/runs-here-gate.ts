import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Plan, RunsHere } from '../../model/plan/plan-schema.ts'
import { decidedByFleet, differenceHere, programsOf, runsHere } from '../../model/fleet/runs-here.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Ask } from '../../ports/ask.ts'

/** Entries that a message names; the plan's own section has all. */
const mostNamed = 8

/** Who may be asked, and what the command line has answered. */
export interface Asking {
  readonly flags: { readonly planId: string | null; readonly json: boolean }
  readonly ask: Ask
  readonly signal: AbortSignal
}

/**
 * A saved plan is a program: where what it runs on this machine differs from the fleet.yaml beside it, a person confirms it, or
 * `--plan-id` has named this very plan. Without a fleet.yaml there is nothing to compare with.
 */
export async function runsHereGate(
  { planId, body }: Plan,
  fleet: Outcome<Fleet>,
  { flags, ask, signal }: Asking,
): Promise<readonly Diagnostic[]> {
  if (flags.planId === planId) return []
  const isMissing = !fleet.ok && fleet.diagnostics.some(({ code }) => code === 'config/unreadable')
  if (isMissing) return []
  const known = fleet.ok ? runsHere(programsOf(fleet.value)) : []
  const { added, gone } = differenceHere(runsHere(decidedByFleet(body)), known)
  if (added.length + gone.length === 0) return []
  const lines = [...added.map((entry) => lineOf('+', entry)), ...gone.map((entry) => lineOf('-', entry))]
  const rest = lines.length - mostNamed
  const shown = [...lines.slice(0, mostNamed), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')
  const detail = `On this machine the plan runs other programs than fleet.yaml (+ in the plan alone, - in fleet.yaml alone):\n${shown}`
  if (ask.possible && !flags.json && (await ask.confirm(`${detail}\nRun them?`, signal))) return []
  return [
    diagnostic(
      'apply/runs-here',
      'the plan runs other programs on this machine than fleet.yaml',
      `${detail}\nPlan again, or if this plan was reviewed, name it: --plan-id ${planId}`,
    ),
  ]
}

function lineOf(mark: string, { kind, name, what }: RunsHere): string {
  return cleanLine(`${mark} ${kind} ${name}: ${maskCredentials(what)}`)
}
