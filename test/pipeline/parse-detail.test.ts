import { describe, expect, it } from 'vitest'
import { Answers } from '../../src/pipeline/answers.ts'
import { hostDetail } from '../../src/pipeline/parse-detail.ts'
import { storePath } from '../rig/sample-system.ts'

const detail = (answers: Readonly<Record<string, readonly string[]>>) =>
  hostDetail(new Answers(new Map(Object.entries(answers))))

describe('what a host says its system consists of', () => {
  it('is read by kind', () => {
    const found = detail({
      etc: [`ssh/sshd_config\t${storePath('sshd')}`],
      'etc-mode': ['sudoers\t0440\t+0\t+0'],
      'unit-link': ['a@.service\t../a', `multi-user.target.wants/b.service\t../b.service`],
      'unit-state': [
        'Id=a.service',
        'ActiveState=active',
        'SubState=running',
        'FragmentPath=/etc/systemd/system/a.service',
        'Following=',
        '',
        'Id=b.device',
        'ActiveState=active',
        'Following=c.device',
      ],
      deriver: [`${storePath('nixos')}.drv`],
      'self-updater': ['comin.service', 'evil.service'],
    })
    expect(found).toMatchObject({
      etc: [{ name: 'ssh/sshd_config', target: storePath('sshd') }],
      unitLinks: [
        { name: 'a@.service', target: '../a' },
        { name: 'multi-user.target.wants/b.service', target: '../b.service' },
      ],
      unitStates: [{ unit: 'a.service', active: 'active', sub: 'running', fragment: '/etc/systemd/system/a.service' }],
      deriver: `${storePath('nixos')}.drv`,
      selfUpdaters: ['comin.service'],
    })
    expect(found.etcModes.get('sudoers')).toEqual({ mode: '0440', user: '+0', group: '+0' })
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

  it.each(['unknown-deriver', '/etc/passwd', storePath('x'), `${storePath('x')}/../y.drv`])(
    '%s is no deriver',
    (path) => {
      expect(detail({ deriver: [path] }).deriver).toBeNull()
    },
  )
})
