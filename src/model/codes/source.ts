import type { Entries } from './consequences.ts'

/** What is to be said of the source, and why it does not evaluate. */
export const sourceCodes = {
  'source/ahead': {
    kind: 'shown',
    title: 'commits that are not pushed',
    means: 'The branch has commits that its upstream does not have. Others cannot see what this plan is made from.',
    next: 'Nothing has to be done. Push the commits, and others can plan the same.',
  },
  'source/behind': {
    kind: 'shown',
    title: 'the upstream has more commits',
    means: 'The upstream has commits that are not in this plan. If they were deployed already, this plan undoes them.',
    next: 'Pull, then plan again.',
  },
  'source/commits': {
    kind: 'shown',
    title: 'COMMITS since REVISION',
    means: 'The commits between the revision that a host runs, or that `--base` names, and the planned one.',
    next: 'Nothing has to be done. Read them to see what the plan brings.',
  },
  'source/dirty': {
    kind: 'shown',
    title: 'made from a dirty tree',
    means:
      'Files were changed and not committed. The plan is pinned to a copy of the tree in the Nix store, so it can be applied, but it cannot be made again elsewhere.',
    next: 'Commit and plan again, or pass `--allow-dirty` to `fleet apply`.',
  },
  'source/file': {
    kind: 'shown',
    title: 'evaluated from a Nix file',
    means:
      'The hosts are in a Nix file and not in a flake. What such a file evaluates to may depend on this machine: on NIX_PATH, on variables of the environment, on files outside of its tree. The plan holds what came of it here, and that is what is rolled out.',
    next: 'Nothing has to be done. Pin what the file imports (npins, lon, niv), so that it evaluates to the same elsewhere.',
  },
  'source/file-not-read': {
    kind: 'shown',
    title: 'the file could not be read',
    means:
      'The Nix file that `file` names does not exist, is not tracked by Git, or its tree could not be copied to the store.',
    next: 'Correct `file` in fleet.yaml, or run `git add` on what Nix is to read.',
  },
  'source/file-sealed': {
    kind: 'shown',
    title: 'a file cannot be evaluated as a stranger’s',
    means:
      '`plan --offline --base` evaluates a change that strangers may have made, and lets it read nothing of this machine. A Nix file may read all of it.',
    next: 'Leave out `--offline` or `--base`.',
  },
  'source/hive-not-made': {
    kind: 'shown',
    title: 'the hive is a set of modules',
    means: 'A `hive.nix` holds modules, which only Colmena evaluates to systems, and there is no `colmena` on PATH.',
    next: 'Put `colmena` on PATH, or evaluate the hive in a flake: `colmenaHive = colmena.lib.makeHive (import ./hive.nix);` with `attribute: colmenaHive.nodes`.',
  },
  'source/input-changed': {
    kind: 'shown',
    title: 'input NAME: OLD → NEW',
    means: 'An input of the flake has another revision than before.',
    next: 'Nothing has to be done. The message shows both revisions, and a link to compare them where there is one.',
  },
  'source/lock-conflict': {
    kind: 'shown',
    title: 'flake.lock holds conflict markers',
    means: 'A merge left conflict markers in flake.lock, so Nix cannot read it.',
    next: 'Take one side, run `nix flake lock`, and commit.',
  },
  'source/lock-ignored': {
    kind: 'shown',
    title: 'git ignores flake.lock',
    means: 'Nix does not see a file that git ignores, so every plan looks the inputs up anew and two plans may differ.',
    next: 'Remove flake.lock from .gitignore, then `git add flake.lock`.',
  },
  'source/lock-out-of-date': {
    kind: 'shown',
    title: 'flake.lock does not fit flake.nix',
    means:
      'Nix looks up the missing inputs each time. What was planned may not be what is evaluated later, and nothing is cached.',
    next: 'Run `nix flake lock` and commit what it writes.',
  },
  'source/lock-untracked': {
    kind: 'shown',
    title: 'flake.lock is not in git',
    means: 'Nix sees only files that git knows, so every plan looks the inputs up anew.',
    next: 'Run `git add flake.lock`.',
  },
  'source/not-fetched': {
    kind: 'shown',
    title: 'the inputs of the flake could not be fetched',
    means: 'Nix could not fetch an input that the flake.lock names.',
    next: 'Read what Nix says in the message, and check the network. Then plan again.',
  },
  'source/not-locked': {
    kind: 'shown',
    title: 'the flake could not be read',
    means: 'Nix could not find, fetch or lock the flake that fleet.yaml names.',
    next: 'Read what Nix says in the message, and try `nix flake metadata` with the same reference.',
  },
  'source/path-input': {
    kind: 'shown',
    title: 'an input is a directory of this machine',
    means: 'Other machines cannot evaluate the flake, and Nix copies the whole directory each time, with .git.',
    next: 'Use `git+file:`, a forge or a tarball.',
  },
  'source/path-reference': {
    kind: 'shown',
    title: 'path: copies the whole directory',
    means: 'Nix copies the whole directory each time, with .git and ignored files, and no revision is known.',
    next: 'Leave out `path:`; then Nix reads the files that git knows.',
  },
  'source/shallow': {
    kind: 'shown',
    title: 'a shallow clone',
    means:
      'The history is cut off. fleet may not see the commits between what runs and what is planned, and `self.revCount` is wrong or missing.',
    next: 'Run `git fetch --unshallow`. In CI, check out with full history.',
  },
  'source/unknown-base': {
    kind: 'shown',
    title: 'the base is unknown',
    means: 'git does not know the revision that `--base` names, or the flake is not in a git repository.',
    next: 'Fetch the revision, or name another one.',
  },
  'source/unmerged': {
    kind: 'shown',
    title: 'a merge is not finished',
    means: 'Both sides of a merge changed the files that the message names.',
    next: 'Resolve the conflicts, commit, and plan again.',
  },
  'source/unpushed': {
    kind: 'shown',
    title: 'the branch has no upstream',
    means: 'The branch tracks no remote branch, so others may not have its commits.',
    next: 'Nothing has to be done. Push the branch, and others can plan the same.',
  },
  'source/untracked': {
    kind: 'shown',
    title: 'untracked .nix files are invisible to the flake',
    means: 'Nix sees only files that git knows, so these files have no effect on the plan.',
    next: 'Run `git add` on them, or remove them.',
  },
  'base/evaluation-failed': {
    kind: 'shown',
    title: 'could not be evaluated at REF',
    means: 'The host does not evaluate, or does not exist, at the revision that `--base` names.',
    next: 'Nothing has to be done for a new host. Otherwise name another revision.',
  },
  'evaluate/failed': {
    kind: 'shown',
    title: 'evaluation failed',
    means:
      "Nix could not evaluate the configuration of the host. The message is the part of Nix's answer that says why.",
    next: "Fix the configuration and plan again, or leave the host out with `--on '!name'`.",
  },
  'evaluate/lock-file': {
    kind: 'shown',
    title: 'the lock file is not complete',
    means: 'For deploy-rs the whole flake is evaluated, which needs a complete flake.lock.',
    next: 'Run `nix flake lock`, commit, and plan again.',
  },
  'evaluate/out-of-memory': {
    kind: 'shown',
    title: 'evaluation needs more memory than there is',
    means: 'Nix ran out of memory while it evaluated the host.',
    next: 'Free memory, or plan on a machine with more.',
  },
  'evaluate/timed-out': {
    kind: 'shown',
    title: 'evaluation took too long',
    means: 'fleet ended Nix after its time limit. A fetch that hangs looks the same.',
    next: 'Evaluate the host alone with `nix eval` to see where it hangs, then plan again.',
  },
} satisfies Entries
