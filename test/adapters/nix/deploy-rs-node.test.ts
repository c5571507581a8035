import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluate } from '../../../src/adapters/nix/evaluate.ts'
import { lockSource } from '../../../src/adapters/nix/source/lock-source.ts'
import type { Evaluation } from '../../../src/model/host/system.ts'
import type { DeployRsRequest } from '../../../src/ports/nix.ts'
import { FlakeTree } from '../../rig/files/flake-tree.ts'

const never = new AbortController().signal
const tree = new FlakeTree()
afterAll(() => tree.close())

beforeAll(() => {
  tree.write({
    'flake.nix': `{
  outputs = { self }:
    let
      make = name: text: derivation { inherit name text; system = "x86_64-linux"; builder = "/bin/sh"; };
      host = name: { config.system.build.toplevel = make "nixos-system-\${name}-25.05" ""; };
      wrap = base: make "activatable-\${base.config.system.build.toplevel.name}" "\${base.config.system.build.toplevel}";
      hosts = self.nixosConfigurations;
    in {
      nixosConfigurations = { web = host "web"; db = host "db"; "a.b" = host "a-b"; };
      lib.x86_64-linux.activate.nixos = wrap;
      deploy = {
        sshUser = "everybody"; user = "root"; sshOpts = [ "-p" "22" ]; confirmTimeout = 20; magicRollback = true;
        nodes.web = {
          hostname = "web.example.org"; sshUser = "sma"; sshOpts = [ "-4" ]; magicRollback = false; remoteBuild = null;
          profiles.system = { path = wrap hosts.web; tempPath = "/run/x"; sshOpts = [ "-C" ]; profilePath = "/nix/p"; };
          profiles.other.path = hosts.web.config.system.build.toplevel;
        };
        nodes.swapped = { hostname = "web"; profiles.system.path = wrap hosts.db; };
        nodes.text = { hostname = "web"; profiles.system.path = "/nix/store/\${"0123456789abcdfghijklmnpqrsvwxyz"}-x"; };
        nodes.broken = { hostname = "web"; profiles.system.path = throw "the node is broken"; };
      };
    };
}
`,
  })
  tree.commit('nodes')
})

async function found(deployRs: Partial<DeployRsRequest>, attribute = 'web'): Promise<Evaluation> {
  const source = await lockSource(`git+file://${tree.directory}`, '/', never)
  if (!source.ok) throw new Error(source.failure.detail)
  const { flake } = source.value
  const request = { node: 'web', profile: 'system', wrap: null, reference: flake, ...deployRs }
  const answer = await evaluate({ flake, set: 'nixosConfigurations', attribute, deployRs: request }, never)
  if (!answer.ok) throw new Error(answer.failure.detail)
  return answer.value
}

test('a node is read with its settings merged, beside the system itself', async () => {
  const { drv, profile, profileDrv, system, deployRs, deployRsProblem } = await found({})
  expect(deployRsProblem).toBeNull()
  expect(system).toMatch(/-nixos-system-web-25\.05$/)
  expect(profile).toMatch(/-activatable-nixos-system-web-25\.05$/)
  expect(profileDrv).toMatch(/-activatable-nixos-system-web-25\.05\.drv$/)
  expect(drv).toMatch(/-nixos-system-web-25\.05\.drv$/)
  expect(deployRs).toEqual({
    source: 'deploy.nodes',
    node: 'web',
    profile: 'system',
    otherProfiles: ['other'],
    hostname: 'web.example.org',
    sshUser: 'sma',
    user: 'root',
    sudo: null,
    tempPath: '/run/x',
    profilePath: '/nix/p',
    sshOpts: ['-C', '-4', '-p', '22'],
    fastConnection: null,
    remoteBuild: null,
    interactiveSudo: null,
    autoRollback: null,
    magicRollback: false,
    confirmTimeout: 20,
    activationTimeout: null,
  })
})

test.each([
  [{ node: 'nobody' }, 'deploy-rs/no-node', 'swapped'],
  [{ profile: 'none' }, 'deploy-rs/no-profile', 'other, system'],
  [{ node: 'swapped' }, 'deploy-rs/other-system', 'activatable-nixos-system-db'],
  [{ node: 'text' }, 'deploy-rs/no-derivation', '-x'],
])('what cannot be deployed is told: %o', async (request, code, detail) => {
  const { deployRsProblem, system, profile } = await found(request)
  expect(deployRsProblem).toMatchObject({ code, detail: expect.stringContaining(detail) as unknown })
  if (code === 'deploy-rs/no-node') expect(profile).toBe(system)
})

test('a host without a node is wrapped by the flake that is named', async () => {
  const source = await lockSource(`git+file://${tree.directory}`, '/', never)
  const wrap = source.ok ? source.value.flake : ''
  const { deployRs, deployRsProblem, profile } = await found({ node: 'a.b', wrap }, 'a.b')
  expect(deployRsProblem).toBeNull()
  expect(deployRs).toMatchObject({ source: 'deployRs.flake', hostname: null, user: 'root' })
  expect(profile).toMatch(/-activatable-nixos-system-a-b-25\.05$/)
})

test('a node that does not evaluate is the failure of its host, and a missing configuration is called that', async () => {
  await expect(found({ node: 'broken' })).rejects.toThrow('the node is broken')
  await expect(found({}, 'missing')).rejects.toThrow(`does not provide attribute 'nixosConfigurations."missing"'`)
})
