import { describe, expect, it } from 'vitest'
import { classify, type ProgramEnd, type Verdict } from '../../../../src/adapters/engines/deploy-rs/classify.ts'
import { transcripts } from '../../../rig/files/transcripts.ts'

const exited = (code: number): ProgramEnd => ({ how: 'exited', code })

/** What each recording is read as: what happened, how far deploy was, and the cause. */
const recorded: Readonly<Record<string, readonly [Verdict['happened'], Verdict['phase'], string?]>> = {
  'activation-failed-default-rollback-succeeded': ['rolled-back', 'activating'],
  'activation-failed-first-generation': ['rollback-failed', 'activating'],
  'activation-failed-no-auto-rollback': ['no-rollback', 'activating'],
  'activation-failed-rolled-back': ['rolled-back', 'activating'],
  'activation-timeout': ['timed-out', 'activating'],
  boot: ['succeeded', 'finished'],
  'build-failed': ['build', 'building'],
  'conflict-target-targets': ['usage', 'starting'],
  'dry-activate': ['succeeded', 'finished'],
  'eval-failed': ['evaluation', 'evaluating'],
  'magic-rollback-confirm-failed': ['not-confirmed', 'confirming', 'ssh/no-answer'],
  'magic-rollback-stale-canary-retry': ['not-confirmed', 'finished'],
  'multi-target-dry-activate-second-fails-first-REALLY-revoked': ['unreachable', 'finished', 'ssh/connection-refused'],
  'multi-target-second-fails-first-revoked': ['connection-lost', 'activating', 'ssh/connection-refused'],
  'nix-2.33-json-with-d5eff7f': ['other-nix', 'building'],
  'no-activation-script': ['no-script', 'building'],
  'no-user': ['schema', 'evaluating'],
  'node-missing': ['evaluation', 'evaluating'],
  'noop-redeploy-same-closure': ['succeeded', 'finished'],
  'parse-error': ['bad-target', 'starting'],
  'profile-missing': ['evaluation', 'evaluating'],
  'real-sshd-stops-answering-magic-rollback': ['not-confirmed', 'confirming', 'ssh/no-answer'],
  'real-sshd-success': ['succeeded', 'finished'],
  'ssh-unreachable-activation': ['unreachable', 'activating', 'ssh/connection-refused'],
  'ssh-unreachable-activation-default-rollback-succeeded': ['unreachable', 'activating', 'ssh/connection-refused'],
  'ssh-unreachable-copy': ['copy', 'copying', 'ssh/connection-refused'],
  'ssh-wait-fails': ['not-confirmed', 'activating', 'ssh/no-answer'],
  'success-magic': ['succeeded', 'finished'],
  'success-no-magic': ['succeeded', 'finished'],
  'temp-path-missing': ['temp-path', 'activating'],
  'usage-error': ['usage', 'starting'],
}

it.each([...transcripts.values()])('reads the recording $name', ({ name, stdout, stderr, exit }) => {
  const { happened, phase, cause } = classify(stdout + stderr, exited(exit))
  expect([happened, phase, ...(cause === null ? [] : [cause.code])]).toEqual(recorded[name])
})

const deploy = (level: string, text: string) => `🚀 x [deploy] [\u001B[38;5;196m${level}\u001B[0m] ${text}\n`
const host = (level: string, text: string) => `⭐ x [activate] [\u001B[38;5;196m${level}\u001B[0m] ${text}\n`
const building = deploy('INFO', 'Building profile `system` for node `web`')
const activating =
  deploy('INFO', 'Copying profile `system` to node `web`') +
  deploy('INFO', 'Activating profile `system` for node `web`')
const ssh = (text: string) => deploy('ERROR', `Failed to deploy profile to node web: ${text}`)

/** Wordings that no recording has: other versions, and causes that take another machine. */
const others: readonly (readonly [string, string, Verdict['happened'], string?])[] = [
  [
    'nix is not there',
    deploy('ERROR', 'Failed to test for flake support: No such file or directory (os error 2)'),
    'nix-missing',
  ],
  [
    'flakes are off',
    deploy('WARN', 'A Nix version without flakes support was detected, support for this is'),
    'flakes-off',
  ],
  [
    'the checks fail',
    deploy('ERROR', 'Failed to check deployment: Nix checking command resulted in a bad exit code: Some(1)'),
    'check',
  ],
  [
    'the JSON is not as expected',
    deploy('ERROR', 'Failed to evaluate deployment data: Error decoding the JSON from evaluation: x'),
    'schema',
  ],
  ['a node is missing without flakes', deploy('ERROR', 'No node named `web` was found'), 'evaluation'],
  ['the derivation is not here', deploy('ERROR', 'Failed to build profile on node web: web'), 'no-deriver'],
  [
    'signing fails',
    `${building}${deploy('INFO', 'Signing key present! Signing profile')}error: no\n${deploy('ERROR', 'Failed to build profile on node web: web')}`,
    'sign',
  ],
  [
    'a build fails in 2026',
    `${building}Build exited with status 1\n${deploy('ERROR', 'Failed to build profile system on node web: Nix build command resulted in a bad exit code: Some(1)')}`,
    'build',
  ],
  [
    'a build fails before 2024',
    `${building}error: x\n${deploy('ERROR', 'Failed to build profile: Nix build command resulted in a bad exit code: Some(1)')}`,
    'build',
  ],
  [
    'a copy fails in 2026',
    `${deploy('ERROR', 'Failed to push profile system to node web: Nix copy command resulted in a bad exit code: Some(1). The failed command is provided below:')}ssh: Could not resolve hostname web\n`,
    'copy',
    'ssh/unknown-address',
  ],
  [
    'the login is refused',
    `sma@web: Permission denied (publickey).\r\nerror: cannot connect to 'sma@web'\n${deploy('ERROR', 'Failed to push profile to node web: web')}`,
    'copy',
    'ssh/refused-login',
  ],
  [
    'the host key is unknown',
    `Host key verification failed.\r\n${deploy('ERROR', 'Failed to push profile to node web: web')}`,
    'copy',
    'ssh/host-key-unknown',
  ],
  [
    'newer Nix cannot connect',
    `error: failed to start SSH connection to 'web'\n${deploy('ERROR', 'Failed to push profile to node web: web')}`,
    'copy',
    'copy/connection-lost',
  ],
  [
    'a login shell prints',
    `error: protocol mismatch, got 'Welcome'\n${deploy('ERROR', 'Failed to push profile to node web: web')}`,
    'copy',
    'copy/protocol',
  ],
  [
    'the disk is full',
    `error: writing to file: No space left on device\n${deploy('ERROR', 'Failed to push profile to node web: web')}`,
    'copy',
    'copy/no-space',
  ],
  [
    'a signature is missing',
    `error: cannot add path because it lacks a signature by a trusted key\n${deploy('ERROR', 'Failed to push profile to node web: web')}`,
    'copy',
    'copy/not-trusted',
  ],
  [
    'the profile cannot be set',
    `${activating}${host('ERROR', 'The command for setting profile resulted in a bad exit code: Some(1)')}${ssh('Activating over SSH resulted in a bad exit code: Some(1)')}`,
    'set-failed',
  ],
  [
    'sudo asks',
    `${activating}sudo: a password is required\n${ssh('Activating over SSH resulted in a bad exit code: Some(1)')}`,
    'sudo',
  ],
  [
    'the program is not there',
    `${activating}${ssh('Activating over SSH resulted in a bad exit code: Some(127)')}`,
    'remote-missing',
  ],
  [
    'the program panics',
    `${activating}${ssh('Activating over SSH resulted in a bad exit code: Some(101)')}`,
    'remote-panic',
  ],
  ['ssh is killed', `${activating}${ssh('Activating over SSH resulted in a bad exit code: None')}`, 'unreachable'],
  [
    'the connection goes in the window for the confirmation',
    `${activating}${host('INFO', 'Activation succeeded!')}called \`Result::unwrap()\` on an \`Err\` value: SSHActivateExit(Some(255))\n${ssh('Activating over SSH resulted in a bad exit code: RecvError(())')}`,
    'connection-lost',
  ],
  [
    'the old system has no script',
    `${activating}${host('WARN', 'De-activating due to error')}${host('ERROR', 'There was an error de-activating after an error was encountered: Failed to run command for re-activating the last generation: No such file or directory (os error 2)')}${ssh('Activating over SSH resulted in a bad exit code: Some(1)')}`,
    'rollback-failed',
  ],
  [
    'nobody confirms before 2024',
    `${activating}${host('ERROR', 'Error waiting for confirmation event: Timeout elapsed for confirmation')}`,
    'not-confirmed',
  ],
  [
    'the confirmation fails and the activation does not',
    `${activating}${ssh('Error confirming deployment: Confirming activation over SSH resulted in a bad exit code (the server should roll back): Some(255)')}`,
    'confirm-failed',
  ],
  [
    'another switch holds the lock',
    `${activating}Could not acquire lock\n${host('ERROR', 'The activation script resulted in a bad exit code: Some(11)')}`,
    'switch-lock',
  ],
  ['nothing is said', '', 'unknown'],
]

it.each(others.map(([says, log, happened, cause]) => ({ says, log, happened, cause })))(
  'tells that $says',
  ({ log, happened, cause }) => {
    const verdict = classify(log, exited(1))
    expect([verdict.happened, verdict.cause?.code]).toEqual([happened, cause])
  },
)

describe('what a log is read for', () => {
  it.each([
    [{ how: 'killed', signal: 'SIGKILL' } as const, 'crashed'],
    [{ how: 'not-started', reason: 'ENOENT' } as const, 'crashed'],
    [exited(101), 'crashed'],
    [exited(2), 'usage'],
  ])('the end of the program comes before what it said: %o', (end, happened) => {
    expect(classify(activating, end).happened).toBe(happened)
  })

  it('finds words where three processes write into one line, and none where a host only mentions them', () => {
    const torn = `restarting${host('ERROR', 'The activation script resulted in a bad exit code: Some(4)')}`
    expect(classify(activating + torn, exited(1))).toMatchObject({ happened: 'no-rollback', scriptExit: 4 })
    const quoted = 'nginx says: RecvError(()) and Failed to push profile to node web: web\n'
    expect(classify(activating + quoted, exited(1)).happened).toBe('unknown')
  })

  it('names the units that failed, and says that the host went back', () => {
    const log = `${activating}warning: the following units failed: nginx.service\n${host('WARN', 'De-activating due to error')}${host('ERROR', 'The activation script resulted in a bad exit code: Some(4)')}`
    expect(classify(log, exited(1))).toMatchObject({
      happened: 'rolled-back',
      wentBack: true,
      scriptExit: 4,
      detail: 'warning: the following units failed: nginx.service',
    })
  })

  it('shows what Nix said of a failed build', () => {
    const { stdout, stderr } = transcripts.get('build-failed') ?? { stdout: '', stderr: '' }
    expect(classify(stdout + stderr, exited(1)).detail).toContain('failed with exit code 3')
  })
})
