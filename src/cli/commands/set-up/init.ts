import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { writeFleetFile } from '../../../adapters/files/fleet-file.ts'
import { nixInventory } from '../../../adapters/nix/inventory/inventory.ts'
import { scannedKeys } from '../../../adapters/ssh/host-keys.ts'
import { terminalAsk } from '../../../adapters/terminal-ask.ts'
import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { Probed } from '../../../model/inventory/offered-key.ts'
import type { Proposal } from '../../../model/inventory/proposal.ts'
import { probeKeys, withPins } from '../../../pipeline/init/probe.ts'
import { propose } from '../../../pipeline/init/propose.ts'
import { readInventory } from '../../../pipeline/init/read-inventory.ts'
import { fleetYaml } from '../../../views/init/fleet-yaml.ts'
import { offeredKey, probeRemark } from '../../../views/init/host-key.ts'
import { initSummary } from '../../../views/init/summary.ts'
import type { Common } from '../../arguments/command.ts'
import type { InitFlags } from '../../arguments/init-flags.ts'
import { readFleet } from '../../open/fleet.ts'
import { flakeFor, fleetNameOf } from '../../open/flake-name.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

/** `fleet init`: writes a fleet.yaml of what a flake evaluates to. Logs in nowhere. */
export async function init(flags: Common & InitFlags, context: Context): Promise<number> {
  const { terminal, interrupts } = context
  const file = flags.out ?? flags.file
  if (file !== '-' && !flags.force && (await isThere(file))) {
    tell([exists(file)], terminal, flags)
    return exitCode.refused
  }
  const { flake, from } = flags
  const found = await readInventory({ flake, from, directory: process.cwd() }, nixInventory, interrupts.first)
  if (interrupts.first.aborted) return exitCode.interrupted
  if (!found.ok) {
    const { code, summary, detail } = found.failure
    tell([diagnostic(code, summary, `flake ${flake}: ${detail}`)], terminal, flags)
    return exitCode.failed
  }
  const proposal = propose(found.value, {
    name: fleetNameOf(flake),
    flake: flakeFor(file === '-' ? 'fleet.yaml' : file, flake),
    domain: flags.domain,
    thisMachine: hostname(),
  })
  const whole = flags.probe ? await probed(proposal, context) : proposal
  if (interrupts.first.aborted) return exitCode.interrupted
  return write(file, whole, flags, context)
}

async function write(
  file: string,
  proposal: Proposal,
  flags: Common & InitFlags,
  { terminal }: Context,
): Promise<number> {
  const text = fleetYaml(proposal)
  const problems = await saved(file, text, flags, terminal.stdout)
  tell(problems, terminal, flags)
  if (problems.length > 0)
    return problems.some(({ code }) => code === 'init/exists') ? exitCode.refused : exitCode.failed
  const read = readFleet(text, { ...flags, file: file === '-' ? flags.file : file })
  tell(read.diagnostics, terminal, flags)
  const output = file === '-' ? terminal.stderr : terminal.stdout
  if (!flags.quiet) output.write(initSummary(file, proposal, styleOf(output, terminal, flags.color)))
  return read.ok ? exitCode.done : exitCode.failed
}

/** Writes the text; returns why it could not be. */
async function saved(
  file: string,
  text: string,
  { force }: InitFlags,
  stdout: NodeJS.WriteStream,
): Promise<readonly Diagnostic[]> {
  if (file === '-') {
    stdout.write(text)
    return []
  }
  try {
    await writeFleetFile(file, text, force)
    return []
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    if (code === 'EEXIST') return [exists(file)]
    const why = message.replace(/, \w+( '.*)?$/s, '')
    return [
      diagnostic(
        'init/not-written',
        'the file could not be written',
        `${file}: ${why}. Name another one with \`-o FILE\`.`,
      ),
    ]
  }
}

function exists(file: string): Diagnostic {
  const detail = `${file} is there already, and may have been edited by hand. Write another file with \`-o FILE\` and compare, or overwrite it with \`--force\`.`
  return diagnostic('init/exists', 'the file exists', detail)
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null
}

/** Shows what each host offers as its key, and pins those that a person confirms. */
async function probed(proposal: Proposal, { terminal, interrupts }: Context): Promise<Proposal> {
  const { stdin, stderr } = terminal
  const ask = terminalAsk(stdin, stderr)
  const pins = new Map<string, string>()
  const remarks = [...proposal.remarks]
  for (const one of await probeKeys(proposal.file, scannedKeys, interrupts.first)) {
    stderr.write(`${offeredKey(one)}\n`)
    const isPinned = one.offered.ok && ask.possible && (await ask.confirm(question(one), interrupts.first))
    if (one.offered.ok && isPinned) pins.set(one.name, one.offered.value.key)
    else remarks.push(probeRemark(one, ask.possible))
  }
  return { ...proposal, file: withPins(proposal.file, pins), remarks }
}

function question({ name }: Probed): string {
  return `Is this the key of ${name}? Compare it with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console. Pin it?`
}
