import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import { flakeLock } from '../../../adapters/nix/flake-lock.ts'
import { type Updated, updateLock } from '../../../pipeline/update/update-lock.ts'
import { defaultMaxBytes } from '../../../views/plan/format.ts'
import { planDocument } from '../../../views/plan/document.ts'
import { inputsText } from '../../../views/update/text.ts'
import type { Common } from '../../arguments/command.ts'
import type { UpdateFlags } from '../../arguments/upkeep/update-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf, stateDirectoryOf } from '../../open/place.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { makePlan } from '../../session/make-plan.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { openWorld } from '../../world.ts'

/** `fleet update`: newer inputs in flake.lock, what is new in it, and a plan of what that changes. */
export async function update(flags: Common & UpdateFlags, context: Context): Promise<number> {
  const { terminal, interrupts } = context
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups, disabledIn(fleet.value))
  if (!selected.ok) {
    tell(selected.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    const opened = await flakeLock(
      fleet.value.flake,
      fleet.value.directory,
      stateDirectoryOf(flags, terminal.environment),
    )
    if (!opened.ok) {
      const { code, summary, detail } = opened.failure
      tell([diagnostic(code, summary, detail)], terminal, flags)
      return exitCode.failed
    }
    const lock = opened.value
    tell(
      (await lock.leftOver()).map((copy) => leftOver(copy, lock.file)),
      terminal,
      flags,
    )
    const style = { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }
    const updated = await updateLock(
      {
        ...flags,
        fleet: fleet.value,
        onChanges: (changes) => terminal.stdout.write(inputsText(changes, style)),
        async plan() {
          const made = await makePlan({ fleet: fleet.value, selected: selected.hosts }, flags, world, context)
          if (interrupts.first.aborted) return made
          tell(made.diagnostics, terminal, flags)
          if (made.ok)
            terminal.stdout.write(planDocument(made.value, { ...style, format: 'text', maxBytes: defaultMaxBytes }))
          return made
        },
      },
      { lock, nix: world.nix },
      interrupts.first,
    )
    tell(updated.diagnostics, terminal, flags)
    return conclude(updated, flags, context)
  } finally {
    await world.close()
  }
}

function conclude({ how, commit }: Updated, { quiet }: Common, { terminal }: Context): number {
  const say = (text: string) => {
    if (!quiet) terminal.stderr.write(text)
  }
  switch (how) {
    case 'nothing-new':
      say('No input has anything newer; flake.lock is as it was.\n')
      return exitCode.done
    case 'updated':
      say(
        commit === null
          ? '\nflake.lock is updated. `fleet plan -o FILE` saves a plan for `fleet apply FILE`; `git checkout -- flake.lock` undoes the update.\n'
          : `\nflake.lock is updated and committed as ${commit}. \`fleet plan -o FILE\` saves a plan for \`fleet apply FILE\`.\n`,
      )
      return exitCode.done
    case 'interrupted':
      say('Interrupted: flake.lock is as it was.\n')
      return exitCode.interrupted
    case 'failed':
    case 'failing':
    case 'reverted':
      return exitCode.failed
  }
}

function leftOver(copy: string, file: string): Diagnostic {
  const detail = `The flake.lock from before it is kept in ${copy}. Put it back: cp ${copy} ${file}; or remove the copy.`
  return diagnostic('update/left-over', 'an earlier update was killed', detail, { severity: 'warning' })
}
