import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployArguments, deployEnvironment } from '../../../../src/adapters/engines/deploy-rs/arguments.ts'
import { type DeployRsOrder, nodeFlake } from '../../../../src/adapters/engines/deploy-rs/flake.ts'
import { unfitPair } from '../../../../src/adapters/engines/deploy-rs/pairing.ts'
import { canaryOf } from '../../../../src/adapters/engines/deploy-rs/prepare-script.ts'
import { mayTryAgain } from '../../../../src/adapters/engines/deploy-rs/retry.ts'
import type { DeployEnd } from '../../../../src/adapters/engines/deploy-rs/run-deploy.ts'
import { deployRsSshConfig } from '../../../../src/adapters/ssh/config.ts'
import { sshOptions } from '../../../../src/model/fleet/node-ssh-options.ts'
import { nixOptions } from '../../../lab/flake.ts'
import { sampleSettings, storePath } from '../../../rig/samples/plan.ts'

const path = storePath('b', 'activatable-nixos-system-web-25.05')
const order: DeployRsOrder = {
  node: 'web.1',
  address: '192.0.2.1',
  sshUser: 'sma',
  path,
  settings: sampleSettings('web'),
  planned: { sudo: null, tempPath: null, profilePath: null, fastConnection: null, remoteBuild: null },
}

/** What Nix makes of the flake. */
function deployOf(flake: string): unknown {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-node-flake-'))
  try {
    writeFileSync(join(directory, 'flake.nix'), flake)
    const args = [...nixOptions, 'eval', '--json', '--no-write-lock-file', `path:${directory}#deploy`]
    return JSON.parse(execFileSync('nix', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

describe('the flake for deploy', () => {
  it('has one node whose profile is the planned path', () => {
    expect(deployOf(nodeFlake(order))).toEqual({
      nodes: {
        'web.1': {
          hostname: '192.0.2.1',
          sshUser: 'sma',
          user: 'root',
          sudo: 'sudo -n -u',
          remoteBuild: false,
          fastConnection: false,
          profiles: { system: { path } },
        },
      },
    })
  })

  it('says what the plan says, whatever is in it', () => {
    const planned = { ...order.planned, sudo: 'doas ${x} "-n" \\ -u', tempPath: '/run/${y}', profilePath: '/nix/p' }
    expect(deployOf(nodeFlake({ ...order, planned }))).toMatchObject({
      nodes: {
        'web.1': { sudo: planned.sudo, tempPath: '/run/${y}', profiles: { system: { profilePath: '/nix/p' } } },
      },
    })
    const settings = { ...order.settings, sudo: 'doas -n', buildOn: 'target', substituteOnTarget: false } as const
    expect(deployOf(nodeFlake({ ...order, settings }))).toMatchObject({
      nodes: { 'web.1': { sudo: 'doas -n -u', remoteBuild: true, fastConnection: true } },
    })
  })
})

const files = { flake: '/run/web/flake', sshConfig: '/run/web/ssh_config' }

describe('the command line for deploy', () => {
  it('says every switch that decides safety, and names one target', () => {
    const words = `--skip-checks --rollback-succeeded false --auto-rollback true --magic-rollback true
      --confirm-timeout 30 --activation-timeout 240 --ssh-opts`
    expect(deployArguments(sampleSettings('web'), 'web.1', 'switch', files)).toEqual([
      ...words.split(/\s+/),
      '-F /run/web/ssh_config',
      'path:/run/web/flake#"web.1"."system"',
      ...'-- --option eval-cache false --no-write-lock-file'.split(' '),
    ])
  })

  it('asks for the next boot and for a dry run in so many words, and keeps to what deploy-rs takes', () => {
    const activation = { autoRollback: false, magicRollback: false, confirmTimeoutMs: 100, timeoutMs: 10 ** 9 }
    const args = deployArguments({ activation }, 'web', 'boot', files)
    expect(args).toContain('--boot')
    expect(args.join(' ')).toContain('--auto-rollback false --magic-rollback false --confirm-timeout 1')
    expect(args.join(' ')).toContain('--activation-timeout 65535')
    expect(deployArguments({ activation }, 'web', 'dry-activate', files)).toContain('--dry-activate')
  })

  it('keeps the markers that fleet follows, and the settings of the operator', () => {
    const environment = deployEnvironment({ NIX_CONFIG: 'cores = 1', RUST_LOG: 'error' })
    expect(environment['RUST_LOG']).toBeUndefined()
    expect('RUST_LOG' in environment).toBe(true)
    expect(environment['NIX_CONFIG']).toMatch(/^cores = 1\nextra-experimental-features = nix-command flakes$/m)
  })
})

describe('ssh for deploy', () => {
  it('outlasts an activation and a rollback, and confirms with several attempts within the time for it', () => {
    const config = deployRsSshConfig(sampleSettings('web'), '/tmp/web.config', [
      'ProxyJump bastion',
      'ControlMaster auto',
      'ForwardAgent yes',
      'SendEnv GITHUB_TOKEN',
      'LocalCommand touch /tmp/seen',
      'PermitLocalCommand yes',
    ])
    expect(config).toBe(`Host *
  ConnectionAttempts 4
  ServerAliveInterval 15
  ServerAliveCountMax 38
  ProxyJump bastion
Match all
  Include /tmp/web.config
`)
    const hurried = sampleSettings('web', {
      activation: { autoRollback: true, magicRollback: true, confirmTimeoutMs: 5_000, timeoutMs: 10_000 },
    })
    expect(deployRsSshConfig(hurried, '/tmp/web.config', [])).toContain('ConnectionAttempts 1\n')
  })

  it('reads the options of a node', () => {
    expect(sshOptions(['-p', '2222', '-oUser=root', '-o', 'ProxyJump bastion', '-i/key', '-4', '-J', 'a,b'])).toEqual({
      lines: [
        'Port 2222',
        'User root',
        'ProxyJump bastion',
        'IdentityFile /key',
        'AddressFamily inet',
        'ProxyJump a,b',
      ],
      unknown: [],
    })
    expect(sshOptions(['-F', '/etc/x', '-t', '-o', 'nonsense', '-o', 'A=b\nProxyCommand evil'])).toEqual({
      lines: [],
      unknown: ['-F', '/etc/x', '-t', '-o nonsense', '-o A=b\nProxyCommand evil'],
    })
  })
})

it('names the file whose removal confirms as deploy-rs does', () => {
  expect(canaryOf(null, path)).toBe(`/tmp/deploy-rs-canary-${'b'.repeat(32)}`)
  expect(canaryOf('/run/x/', path)).toBe(`/run/x/deploy-rs-canary-${'b'.repeat(32)}`)
})

describe('a pair of deploy-rs and Nix', () => {
  const store = (date: string) => `/nix/store/${'a'.repeat(32)}-deploy-rs-0-unstable-${date}/bin/deploy`
  it.each([
    ['any deploy-rs, an older Nix', store('2025-06-05'), 'nix (Nix) 2.31.4', '', true],
    ['before 2.32 was known, with 2.32', store('2025-06-05'), 'nix (Nix) 2.32.0', '', false],
    ['since, with 2.32', store('2025-12-18'), 'nix (Nix) 2.32.0', '', true],
    ['before 2.33 was known, with 2.33', store('2025-12-18'), 'nix (Nix) 2.33.1', '', false],
    ['of an unknown date, with 2.33', '/usr/bin/deploy', 'nix (Nix) 2.33.1', '', false],
    ['of 2026, with 2.33', store('2026-03-01'), 'nix (Nix) 2.33.1', '', true],
    ['with the flags of 2026, with 2.33', '/usr/bin/deploy', 'nix (Nix) 2.34.0', '--no-progress', true],
    ['of an unknown date, with Determinate Nix', '/usr/bin/deploy', 'nix (Determinate Nix 3.8.1) 2.30.1', '', true],
    ['of an unknown date, with Lix', '/usr/bin/deploy', 'nix (Lix, like Nix) 2.93.3', '', true],
  ])('%s', (_, at, nix, help, isFit) => {
    expect(unfitPair({ help, path: at, nix }) === null).toBe(isFit)
  })
})

describe('another try', () => {
  const end = (more: Partial<DeployEnd>, verdict: Partial<DeployEnd['verdict']>): DeployEnd => ({
    stopped: null,
    mayHaveChanged: false,
    isLeft: false,
    ...more,
    verdict: {
      happened: 'copy',
      phase: 'copying',
      cause: { code: 'ssh/no-answer', summary: '' },
      scriptExit: null,
      hostSpoke: false,
      wentBack: false,
      isWaitLost: false,
      printed: [],
      backExit: null,
      detail: '',
      ...verdict,
    },
  })
  const refusedLogin = { code: 'ssh/refused-login', summary: '' } as const
  it.each([
    ['after a copy that could not connect', end({}, {}), 1, true],
    ['a third time', end({}, {}), 3, false],
    ['after a refused login', end({}, { cause: refusedLogin }), 1, false],
    ['after an interrupt', end({ stopped: 'aborted' }, {}), 1, false],
    ['after a failed build', end({}, { happened: 'build', cause: null }), 1, false],
    ['where the activation could not connect', end({ mayHaveChanged: true }, { happened: 'unreachable' }), 1, true],
    ['where it could not twice', end({ mayHaveChanged: true }, { happened: 'unreachable' }), 2, false],
    ['where the host had begun', end({ mayHaveChanged: true }, { happened: 'unreachable', hostSpoke: true }), 1, false],
    ['where something is left', end({ mayHaveChanged: true, isLeft: true }, { happened: 'unreachable' }), 1, false],
    ['after a failed activation', end({ mayHaveChanged: true }, { happened: 'rolled-back' }), 1, false],
  ])('%s', (_, ended, tries, again) => {
    expect(mayTryAgain(ended, tries)).toBe(again)
  })
})
