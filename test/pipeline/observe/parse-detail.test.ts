import { describe, expect, it } from 'vitest'
import { Fields } from '../../../src/pipeline/observe/fields.ts'
import { hostDetail } from '../../../src/pipeline/observe/parse-detail.ts'
import { storePath } from '../../rig/samples/system.ts'

const detail = (fields: Readonly<Record<string, readonly string[]>>) =>
  hostDetail(new Fields(new Map(Object.entries(fields))))

describe('what a host says its system consists of', () => {
  it('is read by kind', () => {
    const found = detail({
      etc: [`ssh/sshd_config\t${storePath('sshd')}`],
      'etc-file': ['sudoers.mode\t0440', 'sudoers.uid\t+0', 'sudoers.gid\t+0', '../x.mode\t0777', 'y.mode\t$(x)'],
      'unit-link': ['a@.service\t../a', `multi-user.target.wants/b.service\t../b.service`],
      unit: [
        'a.service\tactive\trunning\t/etc/systemd/system/a.service',
        'comin.service\tactive\trunning\t',
        'nixos-upgrade.timer\tfailed\tfailed\t',
        '../b.service\tactive\trunning\t',
        'c.service\t\u001b[31m\trunning\t',
      ],
      deriver: [`${storePath('nixos')}.drv`],
    })
    expect(found).toMatchObject({
      etc: [{ name: 'ssh/sshd_config', target: storePath('sshd') }],
      unitLinks: [
        { name: 'a@.service', target: '../a' },
        { name: 'multi-user.target.wants/b.service', target: '../b.service' },
      ],
      unitStates: [
        { unit: 'a.service', active: 'active', sub: 'running', fragment: '/etc/systemd/system/a.service' },
        { unit: 'comin.service', active: 'active', sub: 'running', fragment: '' },
        { unit: 'nixos-upgrade.timer', active: 'failed', sub: 'failed', fragment: '' },
      ],
      deriver: `${storePath('nixos')}.drv`,
      selfUpdaters: ['comin.service'],
    })
    expect([...found.etcModes]).toEqual([['sudoers', { mode: '0440', user: '+0', group: '+0' }]])
  })

  it('is unknown where it was not said', () => {
    expect(detail({})).toMatchObject({ etc: null, unitLinks: null, unitStates: null, deriver: null, usersFile: null })
  })

  it.each(['../x\ty', '/x\ty', 'a/../b\ty', 'a//b\ty', 'a\t', '\ty', 'a\tb\tc', 'a\u001b[31m\tb', 'a\u202e\tb'])(
    '%j is no link',
    (line) => {
      expect(detail({ etc: [line] }).etc).toEqual([])
    },
  )

  it('a target that leads out of its store object is none, and one that only takes a turn is plain', () => {
    const etc = [`secret\t${storePath('x')}/../../../root/secret`, `turn\t${storePath('x')}/lib/../share/turn`]
    expect(detail({ etc }).etc).toEqual([{ name: 'turn', target: `${storePath('x')}/share/turn` }])
    expect(detail({ 'unit-link': [`a.service\t${storePath('x')}/..`] }).unitLinks).toEqual([])
  })

  it.each(['unknown-deriver', '/etc/passwd', storePath('x'), `${storePath('x')}/../y.drv`])(
    '%s is no deriver',
    (path) => {
      expect(detail({ deriver: [path] }).deriver).toBeNull()
    },
  )
})
