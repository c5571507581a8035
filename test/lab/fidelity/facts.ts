import type { Lab } from '../lab.ts'
import { happened, type Happened, type SeenUnit, seenUnits } from '../systemd/seen.ts'

/** What is on a host, seen from inside without fleet and without ssh. */
export interface Facts {
  readonly units: ReadonlyMap<string, SeenUnit>
  /** Names of units that the system brings: those in /etc/systemd/system and mounts of fstab. */
  readonly managed: ReadonlySet<string>
  /** How often systemd reloaded a unit, in this boot. */
  readonly reloads: ReadonlyMap<string, number>
  /** Entries of /etc that the system brings, each with where it leads or the digest of its copy. */
  readonly etc: ReadonlyMap<string, string>
  readonly users: readonly string[]
  readonly ports: readonly string[]
  readonly closure: readonly string[]
  readonly bootId: string
  /** Whether what booted has another kernel, initrd or kernel parameters than what runs. */
  readonly bootsOther: boolean
}

const questions = {
  managed: `systemctl show --all '*' --property=Id,FragmentPath | awk -F= '/^Id=/ { id = $2 } /^FragmentPath=\\/(etc\\/systemd\\/system|run\\/systemd\\/generator|nix\\/store)\\// { print id } /^FragmentPath=/ { id = "" }'`,
  reloads: 'journalctl --boot --quiet _PID=1 JOB_TYPE=reload JOB_RESULT=done --output=cat --output-fields=UNIT',
  etc: `find /etc/static/ -type l -printf '%P\\n' | while read -r path; do
    if [ -e "/etc/static/$path.mode" ] && [ ! -L "/etc/$path" ]; then echo "$path $(sha256sum <"/etc/$path" | cut -c 1-64)"
    elif [ -e "/etc/static/$path.mode" ]; then echo "$path $(readlink "/etc/$path")"
    else echo "$path $(readlink -f "/etc/$path")"; fi; done`,
  users: 'cut -d : -f 1 /etc/passwd',
  ports: `nft list ruleset | sed -n 's/^.*\\(tcp\\|udp\\) dport \\(.*\\) accept$/\\1 \\2/p' | tr -d '{},' | while read -r kind ports; do for port in $ports; do echo "$kind/$port"; done; done`,
  closure: 'nix-store --query --requisites /run/current-system',
  bootId: 'cat /proc/sys/kernel/random/boot_id',
  booted:
    'for side in booted current; do for part in kernel initrd kernel-modules; do readlink -f /run/$side-system/$part; done; cat /run/$side-system/kernel-params; echo; done',
} as const

// Units of sessions and of the lab, and the target that every switch restarts, whatever changes.
const ofNoChange = /^(?:user@|user-|session-|lab-|sysinit-reactivation\.target$)/

/** Looks at a host. */
export async function look(lab: Lab, host: string): Promise<Facts> {
  const names = Object.keys(questions) as (keyof typeof questions)[]
  const asked = await Promise.all(names.map(async (name) => [name, await listed(lab, host, questions[name])] as const))
  const answers = Object.fromEntries(asked) as Record<keyof typeof questions, readonly string[]>
  const reloads = new Map<string, number>()
  for (const unit of answers.reloads) reloads.set(unit, (reloads.get(unit) ?? 0) + 1)
  const half = answers.booted.length / 2
  return {
    units: await seenUnits(lab, host),
    managed: new Set(answers.managed.filter((name) => !ofNoChange.test(name))),
    reloads,
    etc: new Map(answers.etc.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])),
    users: answers.users.toSorted(),
    ports: answers.ports.toSorted(),
    closure: answers.closure,
    bootId: answers.bootId[0] ?? '',
    bootsOther: answers.booted.slice(0, half).join('\n') !== answers.booted.slice(half).join('\n'),
  }
}

async function listed(lab: Lab, host: string, question: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await lab.inside(host, question)
  if (code !== 0) throw new Error(`${host} did not answer '${question}': ${stderr}`)
  return stdout.split('\n').filter((line) => line !== '')
}

/** What became of the units that the systems bring. */
export function unitsBetween(before: Facts, after: Facts): Happened & { readonly reloaded: readonly string[] } {
  const names = [...new Set([...before.managed, ...after.managed])]
  const reloaded = [...after.reloads.keys()].filter(
    (name) => (after.reloads.get(name) ?? 0) > (before.reloads.get(name) ?? 0),
  )
  return { ...happened(before.units, after.units, names), reloaded: reloaded.toSorted() }
}
