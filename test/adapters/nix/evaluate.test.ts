import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluate } from '../../../src/adapters/nix/evaluate.ts'
import { lockSource } from '../../../src/adapters/nix/source/lock-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-evaluate-'))
const never = new AbortController().signal
const [kernel, initrd, modules] = ['linux-6.6.41', 'initrd-linux-6.6.41', 'linux-6.6.41-modules'].map(
  (name) => `/nix/store/${'0'.repeat(32)}-${name}`,
)

beforeAll(() =>
  writeFileSync(
    join(folder, 'flake.nix'),
    `{
  outputs = _: {
    machines = let
      toplevel = name: links: derivation {
        name = "nixos-system-\${name}-25.05"; system = "x86_64-linux"; builder = "/bin/sh"; buildCommand = links;
      };
    in {
      "web.1" = {
        config = {
          system.build.toplevel = toplevel "web-1" ''
            ln -s ${kernel}/bzImage $out/kernel
            ln -s ${modules} $out/kernel-modules
            ln -s ${initrd}/initrd "$out/initrd"
            ln -s ${initrd}/initrd $out/initrd
            ln -s /elsewhere $out/kernel-params
          '';
          system.nixos.label = "25.05.20251129.abcdef";
          networking.hostName = "web";
          boot.kernelPackages.kernel.version = "6.6.41";
          boot.kernelParams = [ "console=ttyS0" "quiet" ];
          environment.systemPackages = [ { name = "git-2.50.1"; } "/nix/store/${'0'.repeat(32)}-htop-3.4" ];
          networking.firewall = {
            enable = false;
            allowedTCPPorts = [ 22 443 ];
            allowedTCPPortRanges = [ ];
            allowedUDPPorts = [ ];
            allowedUDPPortRanges = [ { from = 6000; to = 6007; } { from = 53; to = 53; } ];
          };
          users.users = { root = { }; off.enable = false; };
          systemd.units = { "sshd.service".enable = true; "off.service".enable = false; };
          environment.etc = { hosts = { target = "hosts"; }; "ssh/off".enable = false; named.target = "elsewhere/named"; };
          warnings = [ "services.x is \u001B[31mold" ];
        };
      };
      bare.config.system.build.toplevel = toplevel "bare" "";
      partial.config = {
        system.build.toplevel = toplevel "partial" "";
        environment.systemPackages = [ { name = "git-2.50.1"; } { } ];
        networking.firewall = { enable = true; allowedTCPPorts = [ 22 ]; };
        systemd.services = { sshd = { }; };
      };
      guarded.config = {
        system.build.toplevel = toplevel "guarded" "";
        environment.systemPackages = throw "unfree";
        warnings = throw "no";
      };
      throws.config.system.build.toplevel = throw "the option services.x does not exist";
      nothing.config.system.build = { };
      file.config.system.build.toplevel = import ./machines/none.nix;
      slow.config.system.build.toplevel = let wait = n: if n == 0 then 0 else wait (n - 1) + wait (n - 1); in wait 64;
      huge.config.system.build.toplevel = builtins.length (builtins.genList (n: { inherit n; x = toString n; }) 9000000
        ++ builtins.concatMap (n: [ n { inherit n; } ]) (builtins.genList (n: { inherit n; }) 9000000));
    };
  };
}
`,
  ),
)
afterAll(() => rmSync(folder, { recursive: true }))

/** The flake's copy in the store, as a plan pins it. */
async function pinned() {
  const source = await lockSource(`path:${folder}`, folder, never)
  if (!source.ok) throw new Error(source.failure.detail)
  return { flake: source.value.flake, storePath: source.value.storePath }
}

function machine(attribute: string) {
  return evaluate({ flake: `path:${folder}`, set: 'machines', attribute }, never)
}

test('a configuration tells its system and every fact that needs no build', async () => {
  const drv = expect.stringMatching(/^\/nix\/store\/[0-9a-z]{32}-nixos-system-web-1-25\.05\.drv$/) as string
  const out = expect.stringMatching(/^\/nix\/store\/[0-9a-z]{32}-nixos-system-web-1-25\.05$/) as string
  expect(await machine('web.1')).toEqual({
    ok: true,
    value: {
      drv,
      system: out,
      profileDrv: null,
      profile: out,
      platform: 'x86_64-linux',
      hostname: 'web',
      release: '25.05.20251129.abcdef',
      bootLinks: {
        kernel: `${kernel}/bzImage`,
        initrd: `${initrd}/initrd`,
        kernelModules: modules,
        kernelParams: ['console=ttyS0', 'quiet'],
      },
      kernelVersion: '6.6.41',
      selectedPackages: ['git-2.50.1', 'htop-3.4'],
      warnings: ['services.x is old'],
      facts: {
        firewall: { enabled: false, tcp: ['22', '443'], udp: ['6000-6007', '53'] },
        users: ['root'],
        units: ['sshd.service'],
        etc: ['hosts', 'elsewhere/named'],
      },
    },
  })
})

test('what a configuration does not say is not known', async () => {
  expect(await machine('bare')).toMatchObject({
    ok: true,
    value: {
      release: null,
      bootLinks: { kernel: null, initrd: null, kernelModules: null, kernelParams: null },
      kernelVersion: null,
      selectedPackages: null,
      warnings: [],
      facts: { firewall: null, users: null, units: null, etc: null },
    },
  })
})

test('what a configuration says in part is not known', async () => {
  expect(await machine('partial')).toMatchObject({
    ok: true,
    value: { selectedPackages: null, facts: { firewall: null, units: null } },
  })
})

test('a fact that does not evaluate costs that fact alone', async () => {
  expect(await machine('guarded')).toMatchObject({ ok: true, value: { selectedPackages: null, warnings: [] } })
})

test.each([
  ['throws', 'the option services.x does not exist'],
  ['nothing', "attribute 'toplevel' missing"],
])('a configuration that %s is a failure with its cause', async (attribute, detail) => {
  expect(await machine(attribute)).toEqual({
    ok: false,
    failure: {
      code: 'evaluate/failed',
      summary: 'evaluation failed',
      detail: expect.stringContaining(detail) as string,
      trace: expect.stringContaining('… while evaluating') as string,
    },
  })
})

test('an error names the files of the flake by their place in it', async () => {
  const answer = await evaluate({ ...(await pinned()), set: 'machines', attribute: 'file' }, never)
  expect(answer).toMatchObject({
    ok: false,
    failure: {
      detail: expect.stringMatching(
        /^machines\/none\.nix does not exist\n(by way of|at) flake\.nix:\d+:\d+$/,
      ) as string,
    },
  })
})

test('what the configuration was given as heap and process is used and told', async () => {
  const processes: number[] = []
  const heap = { initial: 400 * 1024 ** 2, maximum: 2 * 1024 ** 3 }
  const onStart = (process: number) => processes.push(process)
  const answer = await evaluate({ flake: `path:${folder}`, set: 'machines', attribute: 'bare', heap, onStart }, never)
  expect(answer.ok).toBe(true)
  expect(processes).toEqual([expect.any(Number)])
})

test('a configuration that outgrows its heap says so, with its limit', async () => {
  const heap = { initial: 16 * 1024 ** 2, maximum: 64 * 1024 ** 2 }
  expect(await evaluate({ flake: `path:${folder}`, set: 'machines', attribute: 'huge', heap }, never)).toMatchObject({
    ok: false,
    failure: { code: 'evaluate/out-of-memory', detail: expect.stringContaining('It had 64 MiB.') as string },
  })
})

test('a configuration that takes too long is ended', async () => {
  const request = { flake: `path:${folder}`, set: 'machines', attribute: 'slow', timeoutMs: 300, onStart: () => {} }
  expect(await evaluate(request, never)).toMatchObject({ ok: false, failure: { code: 'evaluate/timed-out' } })
})

test('a configuration that is not there is a failure that names it', async () => {
  expect(await machine('absent')).toMatchObject({
    ok: false,
    failure: { code: 'evaluate/failed', detail: expect.stringContaining('machines."absent"') as string },
  })
})

test('an interrupted evaluation is told as that', async () => {
  const answer = await evaluate({ flake: `path:${folder}`, set: 'machines', attribute: 'bare' }, AbortSignal.abort())
  expect(answer).toMatchObject({ ok: false, failure: { code: 'nix/aborted' } })
})
