import { describe, expect, it } from 'vitest'
import type { Failure, DeployRsNode, HostSettings, Target } from '../../../../src/model/plan/plan-schema.ts'
import type { Evaluation } from '../../../../src/model/host/system.ts'
import { deployRsNotes, deployRsRefusals } from '../../../../src/pipeline/plan/notes/deploy-rs.ts'
import { sampleEvaluation } from '../../../rig/samples/evaluation.ts'
import { changed, samplePlan, sampleSettings, sampleWave, storePath } from '../../../rig/samples/plan.ts'

const node: DeployRsNode = {
  source: 'deploy.nodes',
  node: 'web',
  profile: 'system',
  hostname: 'web.example.org',
  sshUser: null,
  user: 'root',
  sudo: null,
  tempPath: null,
  profilePath: null,
  sshOpts: [],
  fastConnection: null,
  remoteBuild: null,
  interactiveSudo: null,
  autoRollback: null,
  magicRollback: null,
  confirmTimeout: null,
  activationTimeout: null,
}
const wrapper = storePath('c', 'activatable-nixos-system-web-25.05')
const [older, newer] = [storePath('a', 'nixos-system-web-25.05'), storePath('b', 'nixos-system-web-25.05')]
const plain = { system: older, profile: older, nextBoot: older }

/** Codes of the notes on a host whose node, settings, evaluation and state differ from the usual in so much. */
function codes(
  more: Partial<DeployRsNode> = {},
  settings: Partial<HostSettings> = {},
  evaluation: Partial<Evaluation> = {},
  does: typeof plain = { ...plain, profile: wrapper },
): readonly string[] {
  const should = {
    ...sampleEvaluation('web'),
    system: newer,
    profile: wrapper,
    deployRs: { ...node, ...more },
    ...evaluation,
  }
  const all = sampleSettings('web', { engine: 'deploy-rs', address: ['192.0.2.1'], ...settings })
  return deployRsNotes('web', all, should, does).map(({ code }) => code)
}

describe('notes on a host of deploy-rs', () => {
  it('says nothing of a host that is as it should be, nor of one of another engine', () => {
    expect(codes()).toEqual([])
    expect(codes({ hostname: 'localhost' }, { engine: 'nix' })).toEqual([])
  })

  it('says that the first deployment has no automatic way back', () => {
    expect(codes({}, {}, {}, plain)).toEqual(['deploy-rs/first'])
    const never = { autoRollback: false, magicRollback: false, confirmTimeoutMs: 30_000, timeoutMs: 240_000 }
    expect(codes({}, { activation: never }, {}, plain)).toEqual([])
  })

  it('says that nothing but the wrapper differs', () => {
    const does = { system: newer, profile: newer, nextBoot: newer }
    expect(codes({}, {}, {}, does)).toEqual(['deploy-rs/wrapper-only'])
    expect(codes({}, {}, {}, { ...does, profile: wrapper })).toEqual([])
  })

  it.each([
    [{ hostname: 'localhost' }, 'deploy-rs/hostname'],
    [{ profile: 'web' }, 'deploy-rs/profile-name'],
    [{ profilePath: '/nix/var/nix/profiles/web' }, 'deploy-rs/profile-path'],
    [{ user: 'web' }, 'deploy-rs/user'],
    [{ interactiveSudo: true }, 'deploy-rs/interactive-sudo'],
    [{ confirmTimeout: 60 }, 'deploy-rs/settings'],
    [{ sshOpts: ['-t'] }, 'deploy-rs/ssh-options'],
    [{ sshOpts: ['-p', '2222'] }, 'deploy-rs/ssh-options'],
    [{ sshOpts: ['-o', 'ServerAliveInterval=60'] }, 'deploy-rs/ssh-options'],
    [{ sshUser: 'deployer' }, 'deploy-rs/settings'],
    [{ sudo: 'doas -u' }, 'deploy-rs/settings'],
    [{ remoteBuild: true }, 'deploy-rs/settings'],
    [{ fastConnection: true }, 'deploy-rs/settings'],
    [{ otherProfiles: ['home'] }, 'deploy-rs/other-profiles'],
  ])('speaks of %o', (more, code) => {
    expect(codes(more)).toEqual([code])
  })

  it('says nothing of what fleet.yaml says, too', () => {
    const { ssh } = sampleSettings('web')
    const same = {
      sshOpts: ['-p', '2222', '-o', 'Compression=yes'],
      sshUser: 'sma',
      sudo: 'doas -u',
      remoteBuild: true,
      fastConnection: true,
    }
    const settings: Partial<HostSettings> = {
      ssh: { ...ssh, port: 2222, user: 'sma', options: { compression: 'yes' } },
      sudo: 'doas',
      buildOn: 'target',
      substituteOnTarget: false,
    }
    expect(codes(same, settings)).toEqual([])
    expect(codes(same, { ...settings, sudo: 'doas -n' })).toEqual([])
    expect(codes({ remoteBuild: false, fastConnection: false })).toEqual([])
  })

  it('tells what is not used, and what deploy alone uses', () => {
    const all = sampleSettings('web', { engine: 'deploy-rs', address: ['192.0.2.1'] })
    const told = deployRsNotes(
      'web',
      all,
      {
        ...sampleEvaluation('web'),
        deployRs: {
          ...node,
          sshOpts: ['-p', '2222', '-t', '-o', 'BatchMode=no'],
          sshUser: 'deployer',
          otherProfiles: ['home', 'work'],
        },
      },
      null,
    )
    expect(told.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n')).toMatchInlineSnapshot(`
      "some of the node's sshOpts are not used: "-t", "BatchMode no" is not used: fleet.yaml or fleet itself decides it. "Port 2222" is used by \`deploy\` alone, not by the connections of fleet that observe, lock, copy, check and roll back. Write what the host needs under ssh in fleet.yaml.
      fleet.yaml and deploy.nodes disagree: deploy.nodes has sshUser deployer (fleet.yaml, ssh.user: the login of your ssh_config). fleet uses fleet.yaml; set it there.
      the node's other profiles are not deployed: home, work: deploy.nodes."web" has them beside the system. fleet deploys the system alone; \`deploy\` by hand deploys them."
    `)
  })

  it.each(['web', 'WEB.example.org.', '192.0.2.1', 'web.internal'])(
    'takes %s for the machine of fleet.yaml',
    (hostname) => {
      expect(codes({ hostname })).toEqual([])
    },
  )

  it.each(['192.0.2.2', '192.0.2.1.example.org', 'web-2.example.org', 'db'])(
    'takes %s for another machine',
    (hostname) => {
      expect(codes({ hostname })).toEqual(['deploy-rs/hostname'])
    },
  )

  it('says why there is nothing to deploy', () => {
    const deployRsProblem: Failure = { code: 'deploy-rs/no-nodes', summary: 'none', detail: '' }
    expect(codes({}, {}, { deployRs: null, deployRsProblem })).toEqual(['deploy-rs/no-nodes'])
  })
})

describe('what forbids a rollout by deploy-rs', () => {
  const refusals = (to: Partial<Target>, settings: Partial<HostSettings> = {}) => {
    const draft = changed('web')
    const web = {
      ...draft,
      settings: sampleSettings('web', { engine: 'deploy-rs', ...settings }),
      to: { ...draft.to, ...to },
    }
    const { body } = samplePlan({ web }, [sampleWave('all', ['web'])])
    return deployRsRefusals(body.hosts, new Set(['web'])).map(({ code, host }) => `${host} ${code}`)
  }

  it('is nothing where the plan holds what deploy-rs needs, or a system that the host has had', () => {
    expect(refusals({ deployRs: node })).toEqual([])
    expect(refusals({ drv: null })).toEqual([])
    expect(refusals({}, { engine: 'nix' })).toEqual([])
  })

  it('is a plan without a profile, another machine, and a mode that deploy-rs does not have', () => {
    expect(refusals({})).toEqual(['web deploy-rs/not-planned'])
    expect(refusals({ deployRs: { ...node, hostname: 'localhost' } }, { mode: 'test' })).toEqual([
      'web deploy-rs/mode',
      'web deploy-rs/hostname',
    ])
  })
})
