import type { Entries } from './consequences.ts'

/** Why a host, or this machine in its place, gave no answer that can be used; and saved observations. */
export const connectionCodes = {
  'ssh/aborted': {
    kind: 'session-failed',
    title: 'interrupted',
    means:
      'The ssh session was ended because the command was interrupted. A command that it had started may still run on the host.',
    next: 'Look at the host with `fleet status`.',
  },
  'ssh/connection-closed': {
    kind: 'connection-failed',
    title: 'the host closed the connection before a login',
    means:
      'Something answers at the address and closes the connection: sshd refuses new sessions (MaxStartups, a ban, a full disk), or it is no sshd. During a run fleet tries three times.',
    next: 'Connect by hand with `ssh`, and look at the log of sshd on the host.',
  },
  'ssh/connection-lost': {
    kind: 'connection-failed',
    title: 'the connection was lost',
    means:
      'The connection broke during the session. After an activation fleet connects again and reads what the host runs.',
    next: 'Check the network of the host. `fleet status` shows what the host runs now.',
  },
  'ssh/connection-refused': {
    kind: 'connection-failed',
    title: 'connection refused',
    means: 'The host answers, and nothing listens at the port. During a run fleet tries three times.',
    next: 'Check that sshd runs, and that `ssh.port` in fleet.yaml is right.',
  },
  'ssh/host-key-changed': {
    kind: 'shut-out',
    title: 'host key changed',
    means:
      'The host presented another key than the pinned or known one. It was installed anew, or another machine answers at its address. fleet does not connect, and never treats this as unreachable.',
    next: 'Compare the fingerprint on the console of the host. Then correct `ssh.hostKey` in fleet.yaml or your known_hosts.',
  },
  'ssh/host-key-unknown': {
    kind: 'shut-out',
    title: 'host key unknown',
    means:
      'No key is pinned for the host, and known_hosts has none. fleet does not trust a key that it sees for the first time.',
    next: 'Compare the fingerprint on the console of the host. Then pin it as `ssh.hostKey` in fleet.yaml, or add it to known_hosts.',
  },
  'ssh/missing': {
    kind: 'no-ssh',
    title: 'ssh could not be started',
    means: 'There is no `ssh` on PATH of this machine, or it cannot be started.',
    next: 'Install OpenSSH, or put it on PATH.',
  },
  'ssh/no-answer': {
    kind: 'connection-failed',
    title: 'no answer',
    means:
      'The host did not answer in time: it is off, its network is down, or a firewall drops the packets. During a run fleet tries three times.',
    next: 'Check that the host is on and its address is right. For a host that is often off, set `onUnreachable: skip`.',
  },
  'ssh/no-files': {
    kind: 'no-ssh',
    title: 'temporary files for ssh could not be written',
    means:
      'fleet writes a configuration for each host to a temporary directory of its own, and could not: TMPDIR names a directory that is not there, may not be written, or is on a full disk. No host was contacted.',
    next: 'Set TMPDIR to a directory that can be written, or free space on its disk.',
  },
  'ssh/refused-login': {
    kind: 'shut-out',
    title: 'login refused',
    means:
      'The host answered and refused the login. fleet does not try again, because hosts ban an address after a few refusals.',
    next: 'Check `ssh.user` and the key: `ssh USER@ADDRESS true`. Check the ssh agent.',
  },
  'ssh/timed-out': {
    kind: 'session-failed',
    title: 'no answer in time',
    means: 'The session took longer than fleet allows, and was ended.',
    next: 'Look at the load of the host, then run the command again.',
  },
  'ssh/too-much-output': {
    kind: 'flooded',
    title: 'the host printed too much',
    means:
      'The host sent more than fleet reads. A login shell that prints does this too. fleet does not connect to the host again in this run.',
    next: 'Run `ssh HOST true`: it must print nothing.',
  },
  'ssh/unknown-address': {
    kind: 'session-failed',
    title: 'the address does not resolve',
    means: 'The name of the host has no address in DNS, in /etc/hosts or in ssh_config.',
    next: 'Correct `address` in fleet.yaml, or check DNS and the VPN.',
  },
  'observe/no-answer': {
    kind: 'shown',
    title: 'the answer was cut short',
    means: 'The host sent only a part of the answer. The connection or the login shell ended too early.',
    next: 'Run the command again. If it stays so, look at the load and the disk of the host.',
  },
  'observe/no-hostname': {
    kind: 'shown',
    title: 'the host does not say its name',
    means: 'The host could not read its own host name.',
    next: 'Run `hostname` on the host.',
  },
  'observe/missing-tools': {
    kind: 'shown',
    title: 'a program is missing on the host',
    means: 'The host has no `readlink` on the PATH of the login, so that fleet could not find out what it runs.',
    next: 'Put coreutils into `environment.systemPackages`, and look at the PATH of the login.',
  },
  'plan/missing-tools': {
    kind: 'shown',
    title: 'a program is missing on the host',
    means:
      'A program that every NixOS has is not on the PATH of the login, so that fleet could not find out all that it compares. What it does not know is shown as unknown.',
    next: 'Put the named programs into `environment.systemPackages`, and look at the PATH of the login.',
  },
  'observe/not-nixos': {
    kind: 'shown',
    title: 'the host does not run NixOS',
    means: '/run/current-system does not lead into a Nix store. fleet deploys NixOS only.',
    next: 'Check that the address is right, and that the host was installed with NixOS.',
  },
  'observe/offline': {
    kind: 'not-contacted',
    title: 'not contacted',
    means: 'The plan was made with `--offline`, so no host was contacted.',
    next: 'Plan again without `--offline` to see what the host runs.',
  },
  'observed/damaged': {
    kind: 'shown',
    title: 'invalid value in the observations',
    means: 'The file of `--observed` was changed, or is not whole.',
    next: 'Write it again: `fleet status --json`.',
  },
  'observed/missing': {
    kind: 'not-contacted',
    title: 'not contacted',
    means:
      'The file of `--observed` does not hold this host. It was added later, or the file was made with a selection.',
    next: 'Write the file again with `fleet status --json`.',
  },
  'observed/not-a-status': {
    kind: 'shown',
    title: 'not a status file',
    means: 'The file of `--observed` is JSON, and not what `fleet status --json` writes.',
    next: 'Name the right file.',
  },
  'observed/not-json': {
    kind: 'shown',
    title: 'the observations are not JSON',
    means: 'The file of `--observed` is not JSON, or is cut off.',
    next: 'Write it again: `fleet status --json`.',
  },
  'observed/other-fleet': {
    kind: 'shown',
    title: 'observations of another fleet',
    means: 'The file of `--observed` was written for a fleet of another name.',
    next: 'Name the right file, or the right fleet.yaml with `--file`.',
  },
  'observed/other-format': {
    kind: 'shown',
    title: 'observations of another format',
    means: 'Another version of fleet wrote the file of `--observed`.',
    next: 'Write it again with this version: `fleet status --json`.',
  },
  'observed/unreadable': {
    kind: 'shown',
    title: 'the observations cannot be read',
    means: 'The file of `--observed` is not there, or this login may not read it.',
    next: 'Correct the name of the file.',
  },
  'local/aborted': {
    kind: 'shown',
    title: 'interrupted',
    means:
      'A program on this machine was ended because the command was interrupted. What it had started may still run.',
    next: 'Look at this machine with `fleet status`.',
  },
  'local/ended': {
    kind: 'shown',
    title: 'the program was killed',
    means: 'A signal ended the program that fleet ran on this machine.',
    next: 'Look at the log of this machine, for example for a lack of memory. Then run the command again.',
  },
  'local/missing': {
    kind: 'shown',
    title: 'sh could not be started',
    means: 'fleet could not start `sh` on this machine.',
    next: 'Check PATH.',
  },
  'local/timed-out': {
    kind: 'shown',
    title: 'no answer in time',
    means: 'A program on this machine took longer than fleet allows, and was ended.',
    next: 'Look at the load of this machine, then run the command again.',
  },
  'local/too-much-output': {
    kind: 'shown',
    title: 'the program printed too much',
    means: 'A program on this machine printed more than fleet reads.',
    next: 'Run the command again. If it stays so, report it.',
  },
  'apply/open-files': {
    kind: 'shown',
    title: 'too few files may be open',
    means:
      'The lock of each host of a wave is a connection that stays open, and the system lets fleet open fewer files than the largest wave needs. Nothing was changed.',
    next: 'Raise the limit with `ulimit -n`, divide the wave, or select fewer hosts with `--on`.',
  },
} satisfies Entries
