import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { storeFiles } from '../../../src/adapters/files/store-files.ts'
import { readBuiltSystem } from '../../../src/adapters/nix/built-system.ts'

const directory = mkdtempSync(join(tmpdir(), 'fleet-built-'))
afterAll(() => rmSync(directory, { recursive: true }))
const files = storeFiles(directory)
const object = (name: string) => join(directory, `${'0'.repeat(32)}-${name}`)

/** A tree in the form that NixOS gives a toplevel. */
function toplevel(): string {
  const top = object('nixos-system')
  const [etc, units] = [join(object('etc'), 'etc'), object('system-units')]
  const kernel = join(object('linux'), 'bzImage')
  for (const made of [
    top,
    object('linux'),
    join(etc, 'systemd'),
    join(etc, 'ssh'),
    join(units, 'multi-user.target.wants'),
  ])
    mkdirSync(made, { recursive: true })
  writeFileSync(kernel, '')
  symlinkSync(kernel, join(top, 'kernel'))
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
  expect(await readBuiltSystem(toplevel(), files)).toEqual({
    etc: [
      { name: 'ssh/sshd_config', target: '/nix/store/x-sshd_config' },
      { name: 'sudoers', target: '/nix/store/x-sudoers' },
      { name: 'systemd/system', target: object('system-units') },
    ],
    etcModes: new Map([['sudoers', { mode: '0440', user: '+0', group: '+0' }]]),
    unitLinks: [
      { name: 'a.service', target: '/nix/store/x-unit-a/a.service' },
      { name: 'multi-user.target.wants/a.service', target: '../a.service' },
    ],
    userUnitLinks: null,
    links: {
      kernel: join(object('linux'), 'bzImage'),
      initrd: null,
      kernelModules: null,
      kernelParams: ['quiet', 'splash'],
    },
    systemd: null,
    softwarePath: null,
    inhibitors: null,
    specialisations: [],
    usersFile: '/nix/store/x-users-groups.json',
    firewallFile: null,
  })
})

it('of one that is not here nothing is known', async () => {
  expect(await readBuiltSystem(object('none'), files)).toBeNull()
})

it('reads nothing of a toplevel whose parts lead out of the store', async () => {
  const top = object('nixos-system-hostile')
  const outside = mkdtempSync(join(tmpdir(), 'fleet-outside-'))
  try {
    writeFileSync(join(outside, 'secret'), 'secret')
    mkdirSync(top)
    for (const name of ['activate', 'kernel-params', 'kernel', 'switch-inhibitors'])
      symlinkSync(join(outside, 'secret'), join(top, name))
    symlinkSync(outside, join(top, 'etc'))
    const contents = await readBuiltSystem(top, files)
    expect(contents).toMatchObject({ etc: null, inhibitors: null, links: { kernel: null, kernelParams: null } })
  } finally {
    rmSync(outside, { recursive: true })
  }
})
