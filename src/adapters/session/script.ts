import { quote } from '../../model/text/quote.ts'
import type { HostCommand } from '../../ports/remote.ts'

/** Bytes kept of each stream of a command; one more tells that there was more. */
export const keptBytes = 65_536

/**
 * What every session begins with, in POSIX sh. `job INDEX SECONDS STDIN WORDS…` runs one command in a process group of its
 * own, and ends what is left of that; the input that fleet holds open ends with fleet, and the command with it. On this machine
 * fleet signals the session itself, which ends its commands before it ends. All that is said stands in lines `NONCE INDEX KIND TEXT`, short enough to be written whole while others write: `x` exit status,
 * `o` and `e` base64 of the streams' ends, `O` and `E` when they end, `m` a program that the host lacks.
 */
export const session = `
n=$1; missing=; exec 4>&1 5<&0 < /dev/null; trap : TERM
for tool in timeout tail base64; do command -v $tool > /dev/null 2>&1 || missing=$tool; done
keep() {
  tail -c ${keptBytes + 1} | base64 -w 1000 | while IFS= read -r part || [ -n "$part" ]; do
    printf '%s %s %s %s\\n' "$n" "$1" "$2" "$part"
  done
  printf '%s %s %s\\n' "$n" "$1" "$3"
}
work() {
  seconds=$2; input=$3; shift 3; trap : TERM
  if [ -n "$input" ]; then printf '%s\\n' "$input" | timeout -k 1 "$seconds" "$@" 2>&3 3>&- 4>&- 5<&- &
  else timeout -k 1 "$seconds" "$@" < /dev/null 2>&3 3>&- 4>&- 5<&- & fi
  group=$!
  { read -r _ <&5; kill -s TERM -- "-$group"; sleep 1; kill -s KILL -- "-$group"; } > /dev/null 2>&1 3>&- 4>&- &
  watch=$!
  wait "$group"; status=$?
  kill "$watch"; kill -s KILL -- "-$group"
  return "$status"
}
job() {
  if [ -n "$missing" ]; then printf '%s %s m %s\\n' "$n" "$1" "$missing"; return; fi
  { { work "$@" 2> /dev/null; printf '%s %s x %s\\n' "$n" "$1" "$?" >&4; } | keep "$1" o O >&4 3>&-; } 3>&1 | keep "$1" e E >&4
}
`

/** The lines that start one command in the background; null: only an answer. */
export function jobLines(index: number, command: HostCommand | null, timeoutMs: number): string {
  if (command === null) return `for part in 'x 0' O E; do printf '%s %s %s\\n' "$n" ${index} "$part"; done\n`
  const variables = Object.entries(command.environment).map(([name, value]) => `export ${name}=${quote(value)}`)
  const words = typeof command.run === 'string' ? ['sh', '-c', command.run] : command.run
  // What a here-document holds stands in no process's arguments, where every user of the host could read it.
  const end = `end-${crypto.randomUUID()}`
  const program = [...variables, `exec ${words.map(quote).join(' ')} 6<&-`, end].join('\n')
  const start = `job ${index} ${timeoutMs / 1000} ${quote(command.stdin ?? '')} sh -c '. /dev/fd/6'`
  return `${start} 6<<'${end}' < /dev/null &\n${program}\n`
}
