import { type Diagnostic, diagnostic, type Outcome, rejected } from '../../model/diagnostic.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import { overruledByPin, refusedSshOption } from '../settings/resolve/ssh-options.ts'
import { planFormat, planIdOf } from './sign.ts'
import { validators } from '../validators/plan.ts'

/** Reads a saved plan, hostile until it has the right format, shape and digest. `name` is what the operator calls the file. */
export function loadPlan(text: string, name: string): Outcome<Plan> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return rejected('plan/not-json', 'not a plan file', `${name} is not JSON: ${(error as Error).message}`)
  }
  const format = formatOf(value)
  if (format === null) return rejected('plan/not-a-plan', 'not a plan file', `${name} holds no plan of fleet.`)
  if (format.split('.')[0] !== planFormat.split('.')[0])
    return rejected(
      'plan/other-format',
      'a plan of another format',
      `${name} has format ${format}, this fleet reads ${planFormat}. Plan again.`,
    )
  const errors = validators.plan(value)
  if (errors.length > 0) {
    const problems = errors.slice(0, 5).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
    return rejected(
      'plan/damaged',
      'a damaged plan file',
      `${name} is not a whole plan: ${problems.join('; ')}. Plan again.`,
    )
  }
  // The schema has just said that this is what it is.
  const plan = value as Plan
  const id = planIdOf(plan.body)
  if (id !== plan.planId)
    return rejected(
      'plan/tampered',
      'the plan was changed after it was made',
      `${name} says it is ${plan.planId}, its content is ${id}. Plan again.`,
    )
  const unsafe = unsafeOptions(plan)
  return unsafe.length === 0 ? { ok: true, value: plan, diagnostics: [] } : { ok: false, diagnostics: unsafe }
}

/** What a fleet.yaml may not say to ssh, a plan file may not say either: whoever wrote it can sign it, too. */
function unsafeOptions({ body }: Plan): readonly Diagnostic[] {
  return Object.entries(body.hosts).flatMap(([host, { settings }]) =>
    Object.entries(settings.ssh.options).flatMap(([name, value]) => {
      const pinned = settings.ssh.hostKey === null ? null : overruledByPin(name)
      const why = refusedSshOption(name, value) ?? pinned
      if (why === null) return []
      return [diagnostic('config/unsafe-ssh-option', 'ssh option not allowed', `In the plan: ${why}`, { host })]
    }),
  )
}

function formatOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('format' in value)) return null
  return typeof value.format === 'string' && /^\d+\.\d+$/.test(value.format) ? value.format : null
}
