import { ask } from '../run.ts'

// Each step says what it needs before it tries, so that the last line tells what was refused.
const trial = `set -e
PATH=$PATH:/usr/sbin:/sbin
echo "the program mmdebstrap (scripts/setup.sh installs it from Debian's packages)"
command -v mmdebstrap >/dev/null
echo 'a mount of cgroup2 with groups of its own'
mount -t cgroup2 trial /mnt
rmdir "$(mktemp -d /mnt/fleet-lab-trial-XXXXXX)"
echo 'overlayfs over a tmpfs'
mount -t tmpfs trial /tmp
mkdir /tmp/upper /tmp/work /tmp/root
mount -t overlay -o lowerdir=/usr,upperdir=/tmp/upper,workdir=/tmp/work trial /tmp/root
echo 'a network namespace with a bridge and a veth pair'
ip link add trial0 type bridge
ip link add trial1 type veth peer name trial2`

/** Why this machine cannot make hosts with a real systemd, as the end of "because it has not …"; undefined when it can. */
export async function whyNoSystemd(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'root'
  const namespaces = ['--mount', '--net', '--cgroup', '--pid', '--fork', '--kill-child']
  const tried = await ask('unshare', [...namespaces, 'sh', '-c', trial])
  if (tried.code === 0) return undefined
  const needed = tried.stdout.trimEnd().split('\n').at(-1) ?? ''
  const said = tried.stderr.trim().split('\n')[0] ?? ''
  return `${needed === '' ? 'mount, network, cgroup and process namespaces' : needed}${said === '' ? '' : `: ${said}`}`
}

/** The one sentence for whoever asked for hosts with a real systemd where there can be none. */
export function withoutSystemd(reason: string): string {
  return `This machine cannot make hosts with a real systemd, because it has not ${reason}. The lab without --systemd works: its hosts play systemd.`
}
