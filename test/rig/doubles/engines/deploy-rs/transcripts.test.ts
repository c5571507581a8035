import { expect, it } from 'vitest'
import { shellWords } from '../../../../../src/model/text/shell-words.ts'
import { transcripts } from '../../../files/transcripts.ts'
import { type Situation, Stage, untilMark } from './stage.ts'

const says = (text: string) => `echo 'ssh: connect to host '"$host"' port 22: ${text}' >&2; exit 255`
const [activates, waits, revokes] = ['activate', 'wait', 'revoke'].map(
  (verb) => `'/nix/store/'*'/activate-rs ${verb}'`,
) as [string, string, string]

const untilDeployIsGone = 'while kill -0 $PPID 2>/dev/null; do sleep 0.02; done'
const untilCanary = 'until ls "$STAGE"/scratch/tmp/deploy-rs-canary-* >/dev/null 2>&1; do sleep 0.02; done'

/** What is not in the recording itself: who fails, what waits for what, and what was there before. */
const situations: Readonly<Record<string, Situation>> = {
  'activation-failed-first-generation': { hasOlder: false, scriptTo: 'stdout' },
  'activation-timeout': { until: 'wait-ended', second: '0.1' },
  'magic-rollback-confirm-failed': { ssh: { rm: says('Connection timed out') } },
  'magic-rollback-stale-canary-retry': { hasCanary: true, until: 'rm-ended', second: '0.3' },
  'multi-target-dry-activate-second-fails-first-REALLY-revoked': {
    hasBoth: true,
    ssh: { [`${activates}*web2`]: says('Connection refused') },
  },
  'multi-target-second-fails-first-revoked': {
    ssh: {
      // It fails while the first is revoked, which ends after that.
      [`${activates}*web2`]: `${untilMark('revoke-began')}; : >"$STAGE/activate-ended"; ${says('Connection refused')}`,
      [`${waits}*web2`]: says('Connection refused'),
      [revokes]: `: >"$STAGE/revoke-began"; ${untilMark('activate-ended')}; sleep 0.3`,
    },
  },
  'real-sshd-stops-answering-magic-rollback': {
    scriptTo: 'stdout',
    second: '0.3',
    // The activation was faster than the one who waits: what is there already is found without a word.
    ssh: { [waits]: untilCanary, rm: "printf 'Connection timed out during banner exchange\\r\\n' >&2; exit 255" },
  },
  'real-sshd-success': { scriptTo: 'stdout' },
  'ssh-unreachable-activation': {
    ssh: { [activates]: says('Connection refused'), [waits]: `${untilDeployIsGone}; exit 255` },
  },
  'ssh-unreachable-activation-default-rollback-succeeded': {
    ssh: { [activates]: `${untilDeployIsGone}; ${says('Connection refused')}`, [waits]: says('Connection refused') },
  },
  'ssh-unreachable-copy': { ssh: { "'nix-store --serve'": says('Connection refused') } },
  'ssh-wait-fails': {
    until: 'wait-ended',
    second: '0.1',
    ssh: { [waits]: `: >"$STAGE/wait-ended"; ${says('Connection timed out')}` },
  },
  'temp-path-missing': { until: 'wait-ended', second: '0.3' },
}

/** Recordings that end before all that was started had ended: more may have followed, in an order of its own. */
const cut = ['temp-path-missing', ...[...transcripts.keys()].filter((name) => name.startsWith('activation-failed'))]

it.concurrent.each([...transcripts.values()])('the double plays $name as it was recorded', async (recorded) => {
  const stage = new Stage(recorded, situations[recorded.name] ?? {})
  try {
    const { code, stdout, stderr, commands } = await stage.perform()
    const wanted = partsOf(recorded.stderr)
    const played = partsOf(stderr)
    const started = commands.map(told).toSorted()
    const planned = recorded.commands.map(asTold).toSorted()
    const isCut = cut.includes(recorded.name)
    const kept = (lines: readonly string[], known: readonly string[]) =>
      isCut ? lines.filter((line) => known.includes(line)) : lines
    expect({ code, stdout, ...played }).toEqual({
      code: recorded.exit,
      stdout: recorded.stdout,
      ...wanted,
      ...(isCut && {
        activate: [...wanted.activate, ...played.activate.slice(wanted.activate.length)],
        wait: [...wanted.wait, ...played.wait.slice(wanted.wait.length)],
        others: expect.arrayContaining(wanted.others) as unknown,
      }),
    })
    if (planned.length > 0) expect(kept(started, planned)).toEqual(planned)
  } finally {
    stage.close()
  }
})

/** What each speaker said, in its own order: which of them comes first is chance. */
function partsOf(stderr: string) {
  const parts = {
    deploy: [] as string[],
    activate: [] as string[],
    wait: [] as string[],
    revoke: [] as string[],
    others: [] as string[],
  }
  let isAnnouncing = false
  for (const line of masked(stderr).split('\n')) {
    const [, speaker] = /\[(deploy|activate|wait|revoke)\] \[/.exec(line) ?? []
    if (speaker !== undefined) parts[speaker as keyof typeof parts].push(line)
    else if (isAnnouncing) parts.deploy.push(line)
    else if (line !== '') parts.others.push(line)
    if (speaker === 'deploy') isAnnouncing = line.includes('going to be deployed')
    else if (line === '') isAnnouncing = false
  }
  parts.others.sort()
  return parts
}

function masked(text: string): string {
  return text.replaceAll(/'tokio-runtime-worker' \(\d+\)/g, "'tokio-runtime-worker' (N)")
}

/** A command, blanks in its words put together: the order in which two connections begin is chance. */
function told(words: readonly string[]): string {
  return words.map((word) => word.replaceAll(/\s+/g, ' ')).join(' | ')
}

function asTold(line: string): string {
  const [command = '', options] = line.split(/ {3}(?=\[NIX_SSHOPTS)/)
  return told([...(shellWords(command) ?? []), ...(options === undefined ? [] : [options])])
}
