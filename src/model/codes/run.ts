import type { Entries } from './consequences.ts'

/** What stops a run or says something of all of it, and what a rollback of a run can end with. */
export const runCodes = {
  'apply/runs-here': {
    kind: 'refused',
    title: 'the plan runs other programs on this machine than fleet.yaml',
    means:
      'A plan file carries hooks, checks and ssh options that run on the machine that applies it. Those of this plan are not those of the fleet.yaml beside it, and were not confirmed.',
    next: 'Plan again. If this plan was reviewed, name it with `--plan-id`.',
  },
  'apply/dirty': {
    kind: 'shown',
    title: 'a plan from a dirty tree',
    means: 'The plan was made from files that are not committed.',
    next: 'Commit and plan again, or pass `--allow-dirty`.',
  },
  'apply/evaluation-failed': {
    kind: 'shown',
    title: 'a selected host does not evaluate or build',
    means: 'The plan has no system for this host.',
    next: "Fix the configuration and plan again, or leave the host out with `--on '!name'`.",
  },
  'apply/fleet-changed': {
    kind: 'shown',
    title: 'fleet.yaml changed since the plan',
    means: "The plan keeps the settings that it was made with, and fleet.yaml has others now. The plan's are used.",
    next: 'Plan again if the new settings should count.',
  },
  'apply/forced-stale': {
    kind: 'shown',
    title: 'a host that changed since the plan is changed',
    means: '`--force-stale` names this host. If it is rolled back, it goes to what it runs now.',
    next: 'Nothing has to be done.',
  },
  'apply/interrupted': {
    kind: 'shown',
    title: 'interrupted',
    means: 'The command was interrupted before the run started. Nothing was changed.',
    next: 'Run the command again.',
  },
  'apply/comparison': {
    kind: 'shown',
    title: 'a comparison is no plan',
    means: '`fleet diff` made the file: it compares two systems, and says nothing of what should run where.',
    next: 'Make a plan with `fleet plan -o FILE`.',
  },
  'apply/not-observed': {
    kind: 'shown',
    title: 'a plan that contacted no host',
    means: 'The plan was made with `--offline --base`, so it does not say what the hosts run.',
    next: 'Plan again without these flags.',
  },
  'apply/nothing-selected': {
    kind: 'shown',
    title: 'nothing is selected',
    means: 'The plan holds none of the selected hosts, because it was made with a narrower selection.',
    next: 'Plan again, or change `--wave` or `--on`.',
  },
  'apply/other-plan': {
    kind: 'shown',
    title: 'another plan than the approved one',
    means: 'The plan does not have the id that `--plan-id` names.',
    next: 'Pass the file that was approved, or plan again and have that approved.',
  },
  'apply/out-of-order': {
    kind: 'shown',
    title: 'an earlier wave is not finished',
    means:
      'A host of an earlier wave does not run the planned system, or has not run it for the bake time of its wave.',
    next: 'Apply the earlier wave first and let it bake, or pass `--out-of-order` with `--reason`.',
  },
  'apply/repaired': {
    kind: 'shown',
    title: 'a host that is half-way is repaired',
    means:
      'The profile of the host holds the planned system, and another one runs, because an activation was interrupted. fleet switches to the profile without deploy-rs.',
    next: 'Nothing has to be done.',
  },
  'apply/this-machine': {
    kind: 'shown',
    title: 'changing this machine needs confirmation',
    means: 'A selected host is the machine that fleet runs on, which needs confirmation.',
    next: "Pass `--auto-approve`, leave it out with `--on '!name'`, or set `local: never` to reach it by ssh.",
  },
  'apply/unsupported': {
    kind: 'shown',
    title: 'this version of fleet cannot do that',
    means: 'The plan or fleet.yaml uses something that this version does not have.',
    next: 'Change the setting that the message names.',
  },
  'run/dependency-outside': {
    kind: 'shown',
    title: 'depends on a host outside this run',
    means: 'The host depends on a host that this run does not touch, so the run does not wait for it.',
    next: 'Nothing has to be done if that host is up to date. Otherwise select it too.',
  },
  'run/in-flight': {
    kind: 'shown',
    title: 'was in flight when a run stopped',
    means: 'An earlier run ended without a result for this host. fleet contacts it and reads what it runs.',
    next: 'Nothing has to be done.',
  },
  'run/journal-lost': {
    kind: 'shown',
    title: 'the journal cannot be written',
    means:
      'The disk is full, or the state directory is gone. Nothing new is started, because it could not be recorded.',
    next: 'Free space, then apply the plan again.',
  },
  'run/output-lost': {
    kind: 'shown',
    title: 'what hosts print cannot be kept',
    means:
      'A log of the run cannot be written: its disk is full, or too many files are open. The rollout continues, and its journal has every fact.',
    next: 'Free space, or raise the limit of open files (`ulimit -n`).',
  },
  'run/override': {
    kind: 'shown',
    title: 'a safeguard was overridden',
    means: 'A flag such as `--out-of-order` or `--skip-bake` was passed. The journal keeps it with its reason.',
    next: 'Nothing has to be done.',
  },
  'run/resumes': {
    kind: 'shown',
    title: 'resumes a run that did not finish',
    means: 'An earlier run of this plan has no end in its journal. Hosts that it changed are contacted and counted.',
    next: 'Nothing has to be done.',
  },
  'wave/halted': {
    kind: 'shown',
    title: 'rolled back with its wave',
    means:
      'The host itself was well. Its wave halted, and `rollback: wave` or `run` rolls back all hosts that it changed.',
    next: 'Look at the host that failed: `fleet history RUN`.',
  },
  'hook/failed': {
    kind: 'shown',
    title: 'a hook failed',
    means: 'A hook with `onError: fail` ended with an error or took too long. Nothing new is started.',
    next: 'Read its output, fix the hook, and apply the plan again.',
  },
  'hook/overrun': {
    kind: 'shown',
    title: 'a hook is too slow',
    means: 'The hook takes longer than events arrive, so some are skipped.',
    next: 'Make the hook faster, or give it fewer events.',
  },
  'hook/refused': {
    kind: 'refused',
    title: 'refused by a hook',
    means: 'A gate hook said no: to the run, to a wave, or to a host. Nothing was changed there.',
    next: 'Read the reason in the message. Apply again when the hook allows it.',
  },
  'hook/not-notified': {
    kind: 'shown',
    title: 'hooks were not notified of everything',
    means: 'At the end of the run some events were still waiting for a slow hook.',
    next: 'Make the hook faster. The journal has all events.',
  },
  'log/lost': {
    kind: 'shown',
    title: 'the log cannot be written',
    means: 'The file of `--log` failed during the run. The run continues, and the journal has all events.',
    next: 'Copy the journal from the state directory.',
  },
  'log/unwritable': {
    kind: 'shown',
    title: 'the log cannot be opened',
    means: 'The file of `--log` cannot be written. Nothing was started.',
    next: 'Name another file with `--log`, or leave it out.',
  },
  'state/not-own': {
    kind: 'shown',
    title: 'the state directory could hold what others wrote',
    means:
      'The state directory is a link, belongs to another user, may be written by every user, or holds files that Git tracks. fleet would believe what others wrote there.',
    next: 'Remove it, or name another directory with `--state-dir`.',
  },
  'state/not-pruned': {
    kind: 'shown',
    title: 'old runs could not be removed',
    means:
      'fleet removes runs that are older than half a year, and those beyond the latest 500, and could not. They take room and are otherwise harmless.',
    next: 'Remove them from `runs` in the state directory, for example where another login made them.',
  },
  'state/unreadable': {
    kind: 'shown',
    title: 'the journals cannot be read',
    means: 'This login may not read the state directory.',
    next: 'Fix its rights, or name another with `--state-dir`.',
  },
  'state/unwritable': {
    kind: 'shown',
    title: 'the journal cannot be opened',
    means: 'The state directory cannot be written, and fleet changes nothing without a record.',
    next: 'Fix its rights or free space, or name another with `--state-dir`.',
  },
  'rollback/engine': {
    kind: 'shown',
    title: 'rolls back through fleet’s own engine, not ENGINE',
    means:
      'A rollback sets the profile to an exact store path and activates it, which needs no flake and no other engine.',
    next: 'Nothing has to be done.',
  },
  'rollback/changed': {
    kind: 'shown',
    title: 'changed since run RUN: left alone',
    means:
      'The host runs another system than the one that the run deployed. It was changed since, and a rollback would undo that.',
    next: 'Plan from the flake to change it all the same.',
  },
  'rollback/no-plan': {
    kind: 'shown',
    title: 'the plan of the run is missing',
    means: 'The directory of the run has no plan.json, which says what the hosts ran before.',
    next: 'Deploy an older commit instead: `fleet plan` from it.',
  },
  'rollback/no-run': {
    kind: 'shown',
    title: 'nothing to roll back',
    means: 'No recorded run changed any of the selected hosts.',
    next: 'Look at the runs with `fleet history`. Runs of other machines are not recorded here.',
  },
  'rollback/unreadable': {
    kind: 'shown',
    title: 'the contents of the previous system are unknown',
    means:
      'The host did not say what its previous system consists of. It may have been collected as garbage; then the run refuses before it changes the host.',
    next: 'Nothing has to be done now.',
  },
  'rollback/nothing': {
    kind: 'shown',
    title: 'nothing to roll back',
    means: 'The run changed none of the selected hosts, or has rolled them back itself.',
    next: 'Look at the run with `fleet history RUN`.',
  },
  'rollback/run': {
    kind: 'shown',
    title: 'rolls back run RUN',
    means:
      'Each host returns to what it ran before the run, to the exact store path. The flake is not changed: the next `fleet plan` plans the newer system again.',
    next: 'Undo the change in the flake too.',
  },
  'rollback/running': {
    kind: 'shown',
    title: 'the run has not ended',
    means: 'A run that still works cannot be rolled back.',
    next: 'Interrupt it with Ctrl-C, or wait for its end.',
  },
} satisfies Entries
