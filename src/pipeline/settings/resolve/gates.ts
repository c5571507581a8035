import type { Check } from '../../../model/plan/plan-schema.ts'
import { pointer } from '../../../model/fleet/source.ts'
import type { Context } from './context.ts'
import { checkNames } from './layers.ts'
import { placeholdersOf } from './placeholders.ts'

/** Reports gate checks of waves that need a host: a gate is asked from the operator's machine, once for the wave. */
export function checkGates(context: Context, checks: Readonly<Record<string, Check>>, names: readonly string[]): void {
  for (const [wave, { checks: gates = [] }] of (context.file.waves ?? []).entries()) {
    const at = pointer('waves', wave, 'checks')
    checkNames(context, at, gates, names)
    for (const [index, name] of gates.entries()) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined
      if (check === undefined || context.damaged(pointer('checks', name))) continue
      const why = needsHost(context, name, check)
      if (why === null) continue
      const detail = `\`${name}\` ${why}, but a wave's checks run once, on this machine. Put it into the hosts' \`checks\`.`
      context.atValue('config/gate-check', at + pointer(index), detail)
    }
  }
}

function needsHost(context: Context, name: string, check: Check): string | null {
  if (check.type === 'ssh' || check.type === 'systemd') return `is of type \`${check.type}\`, which needs a host`
  if ('from' in check && check.from === 'host') return 'runs on a host (`from: host`)'
  if (check.type === 'tcp' && check.address === null) return 'connects to the host, having no `address` of its own'
  const written = context.file.checks?.[name]
  const word =
    written === undefined ? undefined : placeholdersOf(written).find((found) => found.word.startsWith('host.'))
  return word === undefined ? null : `uses \`{{${word.word}}}\``
}
