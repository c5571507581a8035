import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readBuiltSystem } from '../../../src/adapters/nix/built-system.ts'

const directory = mkdtempSync(join(tmpdir(), 'fleet-built-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A tree in the form that NixOS gives a toplevel. */
function toplevel(): string {
  const top = join(directory, 'nixos-system')
  const [etc, units] = [join(directory, 'etc/etc'), join(directory, 'units')]
  for (const made of [top, join(etc, 'systemd'), join(etc, 'ssh'), join(units, 'multi-user.target.wants')])
    mkdirSync(made, { recursive: true })
  writeFileSync(join(directory, 'bzImage'), '')
  symlinkSync(join(directory, 'bzImage'), join(top, 'kernel'))
  symlinkSync(etc, join(top, 'etc'))
  symlinkSync(units, join(etc, 'systemd/system'))
  symlinkSync('/nix/store/x-sshd_config', join(etc, 'ssh/sshd_config'))
  symlinkSync('/nix/store/x-sudoers', join(etc, 'sudoers'))
  for (const [kind, word] of [
    ['mode', '0440'],
    ['uid', '+0'],
    ['gid', '+0'],
  ] as const)
    writeFileSync(join(etc, `sudoers.${kind}`), `${word}\n`)
  symlinkSync('/nix/store/x-unit-a/a.service', join(units, 'a.service'))
  symlinkSync('../a.service', join(units, 'multi-user.target.wants/a.service'))
  writeFileSync(join(top, 'activate'), 'x /nix/store/x-update /nix/store/x-users-groups.json\n')
  writeFileSync(join(top, 'kernel-params'), 'quiet  splash\n')
  return top
}

it('reads of a built toplevel what a host tells of its own', async () => {
  expect(await readBuiltSystem(toplevel())).toEqual({
    etc: [
      { name: 'ssh/sshd_config', target: '/nix/store/x-sshd_config' },
      { name: 'sudoers', target: '/nix/store/x-sudoers' },
      { name: 'systemd/system', target: join(directory, 'units') },
    ],
    etcModes: new Map([['sudoers', { mode: '0440', user: '+0', group: '+0' }]]),
    unitLinks: [
      { name: 'a.service', target: '/nix/store/x-unit-a/a.service' },
      { name: 'multi-user.target.wants/a.service', target: '../a.service' },
    ],
    links: {
      kernel: join(directory, 'bzImage'),
      initrd: null,
      kernelModules: null,
      kernelParams: ['quiet', 'splash'],
    },
    systemd: null,
    softwarePath: null,
    inhibitors: null,
    usersFile: '/nix/store/x-users-groups.json',
    firewallFile: null,
  })
})

it('of one that is not here nothing is known', async () => {
  expect(await readBuiltSystem(join(directory, 'none'))).toBeNull()
})
