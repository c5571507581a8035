import { quote } from '../../../src/model/text/quote.ts'
import type { Lab } from '../../lab/lab.ts'

/**
 * Doubles of programs that cannot run in a host of the lab: what they imitate stands above each. What they say is in
 * files of the host, /run/lab/says/PROGRAM, which a test writes.
 */
const doubles = {
  // zpool list -H -o name,health (OpenZFS 2.2): a line a pool, a tab between the two; nothing where there is no pool.
  zpool: `[ "$*" = "list -H -o name,health" ] || exit 2
cat /run/lab/says/zpool`,
  // tailscale status --json (1.66): a document, whatever the state; an error where tailscaled does not answer.
  tailscale: `[ "$*" = "status --json --peers=false" ] || exit 2
if [ -s /run/lab/says/tailscale ]; then
  printf '{\\n  "Version": "1.66.4",\\n  "TUN": true,\\n  "BackendState": "%s",\\n  "Self": {}\\n}\\n' "$(cat /run/lab/says/tailscale)"
else
  echo "failed to connect to local tailscaled; it doesn't appear to be running" >&2
  exit 1
fi`,
  // showmount --no-headers --exports (nfs-utils 2.6): a line an export; an error where no mountd answers.
  showmount: `[ "$*" = "--no-headers --exports localhost" ] || exit 2
if [ -e /run/lab/says/showmount ]; then
  cat /run/lab/says/showmount
else
  echo "clnt_create: RPC: Program not registered" >&2
  exit 1
fi`,
  // journalctl --output=json (systemd 252): an object a line; the newest --lines of what --unit and --priority leave.
  journalctl: `lines= unit=. priority=.
for option; do
  case $option in
    --lines=*) lines=\${option#*=} ;;
    --unit=*) unit=\${option#*=} ;;
    --since=*) [ "\${option#*=}" != "the day before yesteryear" ] || { echo "Failed to parse timestamp: \${option#*=}" >&2; exit 1; } ;;
    --priority=err) priority=^err ;;
    --no-pager | --output=json | --output-fields=PRIORITY) ;;
    *) exit 2 ;;
  esac
done
grep -e "$priority" /run/lab/says/journalctl | grep -e "$unit" | tail -n "$lines" | sed 's/.*/{"PRIORITY":"3"}/'`,
} as const

/** A program of which there is a double. */
export type DoubleProgram = keyof typeof doubles

/** Puts the doubles, and the real curl instead of the lab's package of that name, where a login on a host looks first. */
export async function installDoubles(lab: Lab, host: string): Promise<void> {
  await write(lab, host, '/run/wrappers/bin', doubles)
  // Of a user who may not read the journal; first on the PATH of those who ask for it.
  await write(lab, host, '/run/lab/stranger', { id: '[ "$*" = -Gn ] || exit 2\necho users' })
  const { code, stderr } = await lab.inside(host, 'mkdir /run/lab/says; ln -s /usr/bin/curl /run/wrappers/bin/curl')
  if (code !== 0) throw new Error(stderr)
}

/** What the double of a program says from now on; null: nothing, as if nobody answered it. */
export async function says(lab: Lab, host: string, program: DoubleProgram, text: string | null): Promise<void> {
  const file = `/run/lab/says/${program}`
  await lab.inside(host, text === null ? `rm -f ${file}` : `printf %s ${quote(text)} >${file}`)
}

/** Programs that never end of themselves and hear no signal but KILL, as one whose disk or server is gone. */
export async function installHanging(lab: Lab, host: string, programs: readonly string[]): Promise<void> {
  const hanging = "trap '' HUP INT TERM\nsleep 600"
  await write(lab, host, '/run/lab/hanging', Object.fromEntries(programs.map((program) => [program, hanging])))
}

async function write(lab: Lab, host: string, folder: string, scripts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, script] of Object.entries(scripts)) {
    const path = `${folder}/${name}`
    const { code, stderr } = await lab.inside(
      host,
      `mkdir -p ${folder}\ncat >${path} <<'END_OF_SCRIPT'\n#!/bin/sh\n${script}\nEND_OF_SCRIPT\nchmod 755 ${path}`,
    )
    if (code !== 0) throw new Error(stderr)
  }
}
