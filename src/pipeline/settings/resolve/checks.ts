import { milliseconds } from '../../../model/fleet/duration.ts'
import type { BuiltinCheck, Check as CheckFile, FleetFile } from '../../../model/fleet/fleet-schema.ts'
import type { Check } from '../../../model/plan/plan-schema.ts'
import { pointer } from '../../../model/fleet/source.ts'
import { changeCheck, type WrittenCheck } from '../load/library.ts'
import { suggestion } from '../suggest.ts'
import type { Context } from './context.ts'
import { checkVariable, unknownCheck } from './layers.ts'
import { checkPlaceholders } from './placeholders.ts'

/** The checks that exist without being written down. */
const builtInChecks = { ssh: { type: 'ssh' }, units: { type: 'systemd' } } as const satisfies Record<string, CheckFile>

/** Names that `checks` lists can use. */
export function checkNamesOf(context: Context): readonly string[] {
  const own = [...Object.keys(builtInChecks), ...Object.keys(context.file.checks ?? {})]
  return [...new Set([...own, ...context.library.names])]
}

/** Every check with its defaults filled in, and a report of those that make no sense. */
export function resolveChecks(context: Context): Readonly<Record<string, Check>> {
  const checks = new Map<string, Check>(Object.entries(builtInChecks).map(([name, check]) => [name, fill(check)]))
  for (const name of listed(context.file)) {
    const ready = context.library.find(name)
    if (ready !== null) checks.set(name, fill(ready.check))
  }
  for (const [name, entry] of Object.entries(context.file.checks ?? {})) {
    const at = pointer('checks', name)
    const written = 'use' in entry ? readyCheck(context, at, entry) : entry
    if (written === null) continue
    checkBuiltInType(context, at, name, written)
    checkTimes(context, at, written)
    checkBody(context, at, written)
    checkPlaceholders(context, at, written)
    if ('vars' in entry)
      for (const key of Object.keys(entry.vars ?? {})) checkVariable(context, at + pointer('vars', key), key)
    checks.set(name, fill(written))
  }
  return Object.fromEntries(checks)
}

/** Names in the `checks` lists of hosts and waves. */
function listed({ defaults, groups, hosts, waves }: FleetFile): ReadonlySet<string> {
  const levels = [defaults, ...Object.values(groups ?? {}), ...Object.values(hosts), ...(waves ?? [])]
  return new Set(levels.flatMap((level) => level?.checks ?? []))
}

/** The ready-made check that an entry changes, so changed; null: there is none of that name. */
function readyCheck(context: Context, at: string, entry: BuiltinCheck): WrittenCheck | null {
  const ready = context.library.find(entry.use)
  if (ready === null) {
    context.atValue('config/unknown-check', `${at}/use`, unknownCheck(entry.use, context.library.names))
    return null
  }
  const known = 'vars' in ready.check ? Object.keys(ready.check.vars ?? {}) : []
  for (const key of Object.keys(entry.vars ?? {})) {
    if (known.includes(key)) continue
    const detail = `\`${entry.use}\` has no variable \`${key}\`. ${suggestion(key, known, 'Its variables are')}`
    context.atKey('config/unknown-variable', at + pointer('vars', key), detail.trimEnd())
  }
  return changeCheck(ready.check, entry)
}

function checkBuiltInType(context: Context, at: string, name: string, { type }: WrittenCheck): void {
  const known = new Map<string, CheckFile>(Object.entries(builtInChecks)).get(name)
  if (known === undefined || !('type' in known) || known.type === type || context.damaged(at)) return
  const detail = `\`${name}\` is a check that every fleet has, of type \`${known.type}\`; its keys can be changed here, its type cannot. Give this check another name.`
  context.atValue('config/bad-value', `${at}/type`, detail)
}

/** Reports times with which the check could never pass. */
function checkTimes(context: Context, at: string, written: WrittenCheck): void {
  const check = common(written)
  const report = (key: string, detail: string) => context.atValue('config/never-passes', `${at}/${key}`, detail)
  const deadline = written.deadline ?? defaults.deadline
  const written_ = (key: 'stableFor' | 'initialDelay') => (written[key] === undefined ? 'deadline' : key)
  if (check.timeoutMs === 0)
    return report('timeout', 'Within no time, no attempt can succeed. Give it some, such as 10s.')
  if (check.intervalMs === 0)
    return report(
      'interval',
      'Without a pause the check would burden the host all the time. The least that makes sense is 1s.',
    )
  if (check.timeoutMs > check.deadlineMs) {
    const detail = `One attempt may take ${written.timeout ?? defaults.timeout}, longer than the check has in all (\`deadline\`, ${deadline}).`
    report('timeout', detail)
  } else if (check.initialDelayMs >= check.deadlineMs) {
    report(written_('initialDelay'), `The first attempt comes when the \`deadline\` (${deadline}) is over.`)
  } else if (check.initialDelayMs + check.stableForMs >= check.deadlineMs) {
    const detail = `Passing for ${written.stableFor ?? '0s'} without a break takes longer than the check has in all (\`deadline\`, ${deadline}).`
    report(written_('stableFor'), detail)
  } else if (check.initialDelayMs + (check.successThreshold - 1) * check.intervalMs >= check.deadlineMs) {
    const detail = `${check.successThreshold} passes, one every ${written.interval ?? defaults.interval}, take longer than the check has in all (\`deadline\`, ${deadline}).`
    report('successThreshold', detail)
  }
}

function checkBody(context: Context, at: string, written: WrittenCheck): void {
  if (written.type !== 'http' || written.expectBody === undefined) return
  try {
    new RegExp(written.expectBody)
  } catch (cause) {
    const reason = String(cause instanceof Error ? cause.message : cause).replace(/^Invalid regular expression: /, '')
    context.atValue(
      'config/bad-value',
      `${at}/expectBody`,
      `This is not a regular expression of JavaScript: ${reason}.`,
    )
  }
}

const defaults = { timeout: '10s', initialDelay: '0s', interval: '5s', deadline: '2m', stableFor: '0s' } as const

function common(written: WrittenCheck) {
  const deadlineMs = milliseconds(written.deadline ?? defaults.deadline)
  return {
    // Where only the deadline is written, one attempt may take all of it, and not more.
    timeoutMs:
      written.timeout === undefined
        ? Math.min(milliseconds(defaults.timeout), deadlineMs)
        : milliseconds(written.timeout),
    initialDelayMs: milliseconds(written.initialDelay ?? defaults.initialDelay),
    intervalMs: milliseconds(written.interval ?? defaults.interval),
    deadlineMs,
    successThreshold: written.successThreshold ?? 1,
    stableForMs: milliseconds(written.stableFor ?? defaults.stableFor),
    severity: written.severity ?? 'fail',
    when: written.when ?? (['before', 'after'] as const),
    precondition: written.precondition ?? false,
  }
}

function fill(written: WrittenCheck): Check {
  switch (written.type) {
    case 'ssh':
      return { type: 'ssh', ...common(written) }
    case 'systemd': {
      const { failedUnits = 'new', active = [] } = written
      return { type: 'systemd', ...common(written), failedUnits, active }
    }
    case 'http': {
      const { url, method = 'GET', headers = {}, expectStatus = [200], expectBody = null } = written
      const { insecure = false, from = 'operator' } = written
      return { type: 'http', ...common(written), url, method, headers, expectStatus, expectBody, insecure, from }
    }
    case 'tcp': {
      const { address = null, port, from = 'operator' } = written
      return { type: 'tcp', ...common(written), address, port, from }
    }
    case 'command': {
      const { run, protocol = 'exit', from = 'host', vars = {} } = written
      return { type: 'command', ...common(written), run, protocol, from, vars }
    }
    case 'module':
      return { type: 'module', ...common(written), path: written.path, with: written.with ?? {} }
  }
}
