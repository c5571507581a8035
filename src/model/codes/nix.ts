import type { Entries } from './consequences.ts'

/** What Nix and the store of this machine can end with. */
export const nixCodes = {
  'nix/aborted': {
    kind: 'shown',
    title: 'interrupted',
    means: 'Nix was ended because the command was interrupted.',
    next: 'Run the command again.',
  },
  'nix/killed': {
    kind: 'shown',
    title: 'nix was killed',
    means: 'A signal ended Nix. The kernel sends SIGKILL when memory runs out.',
    next: 'Free memory, or use a machine with more, and run the command again.',
  },
  'nix/missing': {
    kind: 'shown',
    title: 'nix could not be started',
    means: 'There is no `nix` on PATH of this machine, or it cannot be started.',
    next: 'Install Nix, or put it on PATH.',
  },
  'evaluate/sealed': {
    kind: 'shown',
    title: 'it needs more than a stranger’s flake is allowed',
    means:
      '`plan --offline --base` evaluates a flake as that of a stranger: it may fetch what its flake.lock names, may read nothing else of this machine, and may not build while it is evaluated. This one wants more.',
    next: 'If it builds while it is evaluated and you trust it with that, pass `--allow-import-from-derivation`. Make what it fetches or reads an input of the flake, from elsewhere than this machine.',
  },
  'build/failed': {
    kind: 'not-built',
    title: 'the build failed',
    means: 'Nix could not build the system of the host. The message ends with the log of the build.',
    next: 'Fix the build and plan again.',
  },
  'build/other-output': {
    kind: 'not-built',
    title: 'the derivation does not make the planned path',
    means: 'The build made another store path than the plan has.',
    next: 'Plan again.',
  },
  'derivation/corrupt': {
    kind: 'shown',
    title: 'a derivation could not be read',
    means: 'A .drv file in the store of this machine is not whole.',
    next: 'Repair it with `nix-store --repair-path PATH`, then plan again.',
  },
  'derivation/dynamic': {
    kind: 'shown',
    title: 'a derivation could not be read',
    means: 'The derivation has a format that fleet does not read, so the plan shows less.',
    next: 'Nothing has to be done. `fleet plan --build` compares what was built instead.',
  },
  'derivation/missing': {
    kind: 'shown',
    title: 'a derivation is missing',
    means:
      'A derivation that the plan names is not in the store of this machine. It may have been collected as garbage.',
    next: 'Plan again.',
  },
  'closure/unreadable': {
    kind: 'shown',
    title: 'a closure could not be read',
    means: '`nix-store --dump-db` of this machine or of the host gave an answer that fleet does not understand.',
    next: 'Run it by hand on that machine to see what it prints.',
  },
  'store/no-answer': {
    kind: 'shown',
    title: 'the local store did not answer',
    means: '`nix-store` failed on this machine.',
    next: 'Read what Nix says in the message. Check the Nix daemon: `systemctl status nix-daemon`.',
  },
  'cache/not-written': {
    kind: 'shown',
    title: 'what was learnt of the hosts could not be kept',
    means: 'The cache in the state directory cannot be written. The plan is whole, and the next one takes longer.',
    next: 'Free space or fix the rights of the state directory, or name another with `--state-dir`.',
  },
} satisfies Entries
