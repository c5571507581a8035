import { realpath } from 'node:fs/promises'
import { type Diagnostic, diagnostic, type Outcome } from '../../../model/diagnostic.ts'
import type { Fleet, Host } from '../../../model/fleet/fleet.ts'
import { type Operand, operandFrom } from '../../../model/fleet/operand.ts'
import { hasChanges } from '../../../model/plan/plan.ts'
import { type AskedSide, diffSystems } from '../../../pipeline/diff/diff-systems.ts'
import { suggestion } from '../../../pipeline/settings/suggest.ts'
import { planDocument } from '../../../views/plan/document.ts'
import type { Common } from '../../arguments/command.ts'
import type { DiffFlags } from '../../arguments/upkeep/diff-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet, readFleet } from '../../open/fleet.ts'
import { directoryOf, operator } from '../../open/place.ts'
import { version } from '../../open/version.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { openWorld } from '../../world.ts'

/** `fleet diff A [B]`: how two systems differ, with the plan's differ and in the plan's forms. Changes nothing. */
export async function diff(flags: Common & DiffFlags, { terminal, interrupts }: Context): Promise<number> {
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const sides = await sidesOf(flags, fleet.value)
  if (!sides.ok) {
    tell(sides.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    const request = { fleet: fleet.value, ...sides.value, version: version(), operator: operator() }
    const found = await diffSystems(request, world, interrupts.first)
    // What was interrupted is not a finding.
    if (interrupts.first.aborted) return exitCode.interrupted
    tell(found.diagnostics, terminal, flags)
    if (!found.ok) return exitCode.failed
    terminal.stdout.write(planDocument(found.value, { ...flags, ...styleOf(terminal.stdout, terminal, flags.color) }))
    return flags.detailedExitCode && hasChanges(found.value.body) ? exitCode.changes : exitCode.done
  } finally {
    await world.close()
  }
}

interface Sides {
  readonly from: AskedSide
  readonly to: AskedSide
}

/** What both operands name; without a second one, what the flake says of the host of the first. */
async function sidesOf({ from, to }: DiffFlags, fleet: Fleet): Promise<Outcome<Sides>> {
  const first = await operandOf(from, fleet)
  const second = to === null ? null : await operandOf(to, fleet)
  const wrong = [first, second].flatMap((one) => (one?.ok === false ? one.diagnostics : []))
  if (!first.ok || second?.ok === false) return { ok: false, diagnostics: wrong }
  const [a, b] = [first.value, second?.value ?? null]
  if (b === null && a.how === 'path')
    return {
      ok: false,
      diagnostics: [badOperand(`A store path names no host: say what \`${from}\` is compared with.`)],
    }
  const flake: Operand | null = a.how === 'path' ? null : { how: 'revision', host: a.host, ref: null }
  const other = b ?? flake
  if (other === null) throw new Error('bug: nothing to compare with')
  const host = hostOf(a, fleet) ?? hostOf(other, fleet) ?? anyHost()
  return {
    ok: true,
    value: {
      from: { operand: a, name: from, host: hostOf(a, fleet) ?? host },
      to: { operand: other, name: to ?? `#${host.name}`, host: hostOf(other, fleet) ?? host },
    },
    diagnostics: [],
  }
}

async function operandOf(text: string, fleet: Fleet): Promise<Outcome<Operand>> {
  const operand = operandFrom(text)
  const refuse = (detail: string) => ({ ok: false, diagnostics: [badOperand(detail)] }) as const
  if (operand === null)
    return refuse(`\`${text}\` is none of HOST, HOST@41, HOST@booted, HOST@profile, REVISION#HOST and a store path.`)
  if (operand.how === 'path') {
    const path = await realpath(operand.path).catch(() => null)
    return path === null
      ? refuse(`There is no \`${text}\` on this machine.`)
      : { ok: true, value: { ...operand, path }, diagnostics: [] }
  }
  if (hostOf(operand, fleet) === null) {
    const known = fleet.hosts.map(({ name }) => name)
    return refuse(
      `There is no host \`${operand.host}\` in fleet.yaml. ${suggestion(operand.host, known, 'The hosts are')}`,
    )
  }
  return { ok: true, value: operand, diagnostics: [] }
}

function hostOf(operand: Operand, { hosts }: Fleet): Host | null {
  return operand.how === 'path' ? null : (hosts.find(({ name }) => name === operand.host) ?? null)
}

/** Stands for two systems that no host was named with: all its settings are built in. */
function anyHost(): Host {
  const common = { file: 'fleet.yaml', stateDirectory: null, quiet: false, verbose: false, color: false }
  const read = readFleet('version: 1\nname: comparison\nhosts: { system: {} }\n', common)
  const host = read.ok ? read.value.hosts[0] : undefined
  if (host === undefined) throw new Error('bug: the smallest fleet is no fleet')
  return host
}

function badOperand(detail: string): Diagnostic {
  return diagnostic('usage/bad-operand', 'not something to compare', detail)
}
