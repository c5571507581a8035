import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { ExplainedHost, ExplainedRun } from '../../../model/host/explain-schema.ts'
import { storyOf } from '../../../model/run/story.ts'
import { explainHost as explained } from '../../../pipeline/settings/explain-host.ts'
import { suggestion } from '../../../pipeline/settings/suggest.ts'
import type { Runs } from '../../../ports/journal.ts'
import { explainedText } from '../../../views/explain/host.ts'
import { hostOutcome } from '../../../views/history/words.ts'
import { json } from '../../../views/markup/json.ts'
import type { Common } from '../../arguments/command.ts'
import { openWrittenFleet } from '../../open/fleet.ts'
import { directoryOf } from '../../open/place.ts'
import { openReach } from '../../reach.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

/** Runs that are shown, and runs that are looked through for them. */
const [mostShown, mostRead] = [5, 30]

/** `fleet explain HOST`: where each of its settings comes from, its wave, its checks and its last runs. Contacts no host. */
export async function explainHost(
  flags: Common & { readonly target: string; readonly json: boolean },
  { terminal }: Context,
): Promise<number> {
  const opened = await openWrittenFleet(flags)
  tell(opened.diagnostics, terminal, flags)
  if (!opened.ok) return exitCode.failed
  const { fleet, written } = opened.value
  const host = fleet.hosts.find(({ name }) => name === flags.target)
  if (host === undefined) {
    tell(
      [
        unknownHost(
          flags.target,
          fleet.hosts.map(({ name }) => name),
        ),
      ],
      terminal,
      flags,
    )
    return exitCode.usage
  }
  const reach = openReach(directoryOf(flags), flags, terminal.environment)
  try {
    const runs = await lastRuns(reach.runs, host.name)
    const document: ExplainedHost = { format: '1.0', ...explained(written, fleet, host), runs }
    const style = { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }
    terminal.stdout.write(flags.json ? `${json(document, 1)}\n` : explainedText(document, style))
    return exitCode.done
  } finally {
    await reach.close()
  }
}

async function lastRuns(runs: Runs, host: string): Promise<readonly ExplainedRun[]> {
  const found: ExplainedRun[] = []
  for (const run of runs.names().slice(0, mostRead)) {
    if (found.length === mostShown) break
    const record = await runs.read(run)
    if (record === null) continue
    const story = storyOf(record)
    const told = story.waves.flatMap(({ hosts }) => hosts).find((one) => one.host === host)
    if (told === undefined) continue
    const at = story.startedAt === null ? null : new Date(story.startedAt).toISOString()
    found.push({ run, at, result: hostOutcome(told) })
  }
  return found
}

function unknownHost(name: string, known: readonly string[]): Diagnostic {
  const detail = `There is no host \`${name}\`. ${suggestion(name, known, 'The hosts are')} A code holds a slash, for example \`ssh/no-answer\`; a message has it in brackets.`
  return diagnostic('usage/unknown-host', 'no such host', detail)
}
