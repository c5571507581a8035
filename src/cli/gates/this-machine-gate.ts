import { hostname } from 'node:os'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import { isThisMachine } from '../../model/fleet/this-machine.ts'
import type { Ask } from '../../ports/ask.ts'

/** A run of which the machine that fleet runs on may be a part. */
export interface LocalRun {
  readonly plan: { readonly body: Pick<PlanBody, 'hosts'> }
  readonly hosts: ReadonlySet<string>
  readonly flags: { readonly autoApprove: boolean; readonly json: boolean }
  readonly ask: Ask
  readonly signal: AbortSignal
}

/** Why the machine that fleet runs on may not be changed, where the selection holds it and nobody said yes; empty otherwise. */
export async function thisMachineGate({ plan, hosts, flags, ask, signal }: LocalRun): Promise<readonly Diagnostic[]> {
  const local = Object.entries(plan.body.hosts).find(
    ([name, { action, settings }]) => hosts.has(name) && action === 'change' && isThisMachine(settings, hostname()),
  )
  if (local === undefined || flags.autoApprove) return []
  const detail = `${local[0]} is the machine that fleet runs on: it is changed without ssh, last in its wave, and what its activation breaks may end this session.`
  if (ask.possible && !flags.json && (await ask.confirm(`${detail}\nChange this machine?`, signal))) return []
  return [
    diagnostic(
      'apply/this-machine',
      'changing this machine needs confirmation',
      `${detail} Pass --auto-approve, leave it out with --on '!${local[0]}', or set \`local: never\` to reach it by ssh.`,
      { host: local[0] },
    ),
  ]
}
