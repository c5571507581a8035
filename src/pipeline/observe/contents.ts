import { failure } from '../../model/failure.ts'
import { framed } from '../../model/text/frame.ts'
import { gunzipSync } from 'node:zlib'
import { type Closure, parseRegistrations } from '../../model/nix/closure.ts'
import type { Failure, HostSettings } from '../../model/plan/plan-schema.ts'
import type { Found } from '../../model/host/system.ts'
import type { Remote } from '../../ports/remote.ts'
import { isStorePath } from './fields.ts'
import type { Texts } from '../../model/host/nixos-system.ts'

/** Bounds of one answer: files, bytes of each, bytes of all, bytes of a closure unpacked. */
const bounds = { files: 500, each: 256 * 1024, total: 4 * 1024 * 1024, closure: 128 * 1024 * 1024 }
/** Milliseconds that a host may take to answer once the connection is up. */
const answerTime = 60_000
/** Milliseconds, beside those for the connection, that a host may be silent: longest while it looks up a closure. */
const patience = 15_000

export interface ContentsRequest {
  readonly name: string
  readonly settings: HostSettings
  /** Files in the host's store whose texts are wanted, the most telling first. */
  readonly files: readonly string[]
  /** A toplevel whose closure is wanted; null: none. */
  readonly closureOf: string | null
}

/** What a host told; what it did not, or not within the bounds, is missing. */
export interface Contents {
  readonly texts: Texts
  readonly closure: Closure | null
}

/** Asks one host, in one session, for texts of files in its store and for a closure. */
export async function readContents(
  { name, settings, files, closureOf }: ContentsRequest,
  remote: Remote,
  signal: AbortSignal,
): Promise<Found<Contents>> {
  const nonce = crypto.randomUUID()
  const asked = [...new Set(files)].filter(isStorePath).slice(0, bounds.files)
  const answer = await remote.run(
    { name, settings },
    {
      script: contentsScript(asked),
      args: [nonce, String(bounds.each), String(bounds.total), closureOf ?? ''],
      asRoot: false,
      timeoutMs: settings.ssh.connectTimeoutMs + answerTime,
      silenceMs: settings.ssh.connectTimeoutMs + patience,
    },
    signal,
  )
  if (answer.how === 'no-answer') return { ok: false, failure: answer.failure }
  return parseContents(answer.stdout, nonce, new Set(asked), closureOf)
}

/** `$1` nonce, `$2` bytes of a file, `$3` bytes of all, `$4` toplevel or nothing. The paths hold no line breaks and are not expanded. */
function contentsScript(files: readonly string[]): string {
  return `
contents() {
export LC_ALL=C
left=$3
printf '\\nfleet-contents 1 %s\\n' "$1"
while read -r path; do
  [ -f "$path" ] || continue
  size=$(stat -L -c %s "$path") && [ "$size" -le "$2" ] || continue
  left=$((left - size))
  [ "$left" -ge 0 ] || break
  printf 'text=%s\\t%s\\n' "$path" "$(base64 < "$path" | tr -d '\\n')"
done <<'fleet-paths'
${files.join('\n')}
fleet-paths
if [ -n "$4" ]; then
  printf 'closure='
  nix-store -q --requisites "$4" | xargs nix-store --dump-db | gzip | base64 | tr -d '\\n'
  echo
fi
echo "fleet-contents end $1"
}
contents "$@" 2>/dev/null </dev/null
exit 0
`
}

function parseContents(
  stdout: string,
  nonce: string,
  asked: ReadonlySet<string>,
  closureOf: string | null,
): Found<Contents> {
  const lines = framed(stdout, 'fleet-contents 1', 'fleet-contents end', nonce)
  if (lines === null) return { ok: false, failure: cutShort }
  const texts = new Map<string, string>()
  let closure: Closure | null = null
  let hasClosure = false
  for (const line of lines) {
    const [key, value] = [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]
    if (key === 'text') {
      const [path = '', encoded = ''] = value.split('\t')
      const bytes = Buffer.from(encoded, 'base64')
      if (asked.has(path) && bytes.length <= bounds.each && !bytes.includes(0)) texts.set(path, bytes.toString('utf8'))
    } else if (key === 'closure' && closureOf !== null && !hasClosure) {
      // One is asked for, and one is unpacked.
      hasClosure = true
      closure = closureFrom(value, closureOf)
    }
  }
  return { ok: true, value: { texts, closure } }
}

const cutShort: Failure = failure(
  'observe/no-answer',
  'the answer was cut short',
  'The host did not send all requested files.',
)

/** A closure that is not closed is no closure: half an answer must not look like packages that are gone. */
function closureFrom(encoded: string, toplevel: string): Closure | null {
  const found = parseRegistrations(unpacked(encoded))
  if (!found.ok || !found.value.has(toplevel)) return null
  for (const { references } of found.value.values())
    if (!references.every((reference) => found.value.has(reference))) return null
  return found.value
}

function unpacked(encoded: string): string {
  try {
    return gunzipSync(Buffer.from(encoded, 'base64'), { maxOutputLength: bounds.closure }).toString('utf8')
  } catch (error) {
    // Whatever a host sends instead of a compressed answer is no answer.
    if (error instanceof Error && 'code' in error) return ''
    throw error
  }
}
