import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { ask } from '../run.ts'

/** The cgroup of all hosts of the lab in a directory, below the root of the machine's cgroup2 tree. */
export function groupOf(directory: string): string {
  return `fleet-lab-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12)}`
}

// The kernel removes no group by itself. Those whose hosts have just been killed are busy for a moment.
const removal = `mount -t cgroup2 lab /mnt && cd /mnt || exit 1
[ -d "$1" ] || exit 0
tries=0
[ ! -e "$1/cgroup.kill" ] || echo 1 >"$1/cgroup.kill"
until find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || exit 1
  sleep 0.05
done`

/** Removes the groups that a lab's hosts had, ending whatever still is in them. */
export async function removeGroups(directory: string): Promise<void> {
  const group = groupOf(directory)
  const removed = await ask('unshare', ['--mount', 'sh', '-c', removal, 'sh', group])
  if (removed.code !== 0) throw new Error(`The cgroup ${group} of the lab could not be removed: ${removed.stderr}`)
}
