import type { EtcMode, HostDetail, Link, UnitState } from '../../model/host/system.ts'
import { plainTarget } from '../../model/nix/store-path.ts'
import type { Answers } from './fields.ts'

/** Entries of one kind that are read: many times the largest systems. */
const most = 50_000
// oxlint-disable-next-line no-misleading-character-class -- the classes are Unicode's own
const strange = /[\p{Cc}\p{Cf}\p{Cs}]/u

/** Units whose being active means that a host updates itself: system.autoUpgrade's timer, comin. */
const updaters = ['comin.service', 'nixos-upgrade.timer']

/** The part of an observation that says what the running system consists of; what does not look right is left out. */
export function hostDetail(answers: Answers): HostDetail {
  const unitStates = answers.has('unit') ? answers.all('unit').slice(0, most).flatMap(stateOf) : null
  return {
    etc: answers.has('etc') ? answers.all('etc').slice(0, most).flatMap(linkOf) : null,
    etcModes: modesOf(answers.all('etc-file')),
    unitLinks: answers.has('unit-link') ? answers.all('unit-link').slice(0, most).flatMap(linkOf) : null,
    unitStates,
    links: answers.bootLinks('current'),
    systemd: answers.path('current-systemd'),
    softwarePath: answers.path('sw'),
    inhibitors: answers.text('inhibitors'),
    initInterface: answers.text('init-interface'),
    nixVersion: answers.text('nix-version'),
    selfUpdaters: updaters.filter((name) =>
      unitStates?.some(({ unit, active }) => unit === name && active === 'active'),
    ),
    deriver: derivationOf(answers),
    usersFile: answers.path('users-file'),
    firewallFile: answers.path('firewall-file'),
  }
}

function derivationOf(answers: Answers): string | null {
  const path = answers.path('deriver')
  return path !== null && path.endsWith('.drv') ? path : null
}

/** `NAME<tab>TARGET`; neither a name nor a target may lead out of where it is. */
function linkOf(line: string): readonly Link[] {
  const [name = '', told = '', ...rest] = line.split('\t')
  const target = rest.length === 0 && isName(name) && isText(told) ? plainTarget(told) : null
  return target === null ? [] : [{ name, target }]
}

/** `NAME.mode<tab>WORD`, and the same of `.uid` and `.gid`: what stands in the files beside an entry that is no plain link. */
function modesOf(lines: readonly string[]): HostDetail['etcModes'] {
  const modes = new Map<string, EtcMode>()
  for (const line of lines.slice(0, most)) {
    const [, name = '', kind = '', word = ''] = /^(.+)\.(mode|uid|gid)\t([\w+.-]{0,64})$/.exec(line) ?? []
    if (!isName(name)) continue
    const known = modes.get(name) ?? { mode: '', user: '', group: '' }
    modes.set(name, { ...known, [kind === 'mode' ? 'mode' : kind === 'uid' ? 'user' : 'group']: word })
  }
  return modes
}

/** `ID<tab>ACTIVE<tab>SUB<tab>FRAGMENT`, of units that are not inactive and follow no other. */
function stateOf(line: string): readonly UnitState[] {
  const [unit = '', active = '', sub = '', fragment = ''] = line.split('\t')
  if (!isName(unit) || !/^[a-z-]{1,32}$/.test(active)) return []
  return [{ unit, active, sub: word(sub), fragment: isText(fragment) ? fragment : '' }]
}

function word(text: string | undefined): string {
  return text !== undefined && /^[a-z-]{1,32}$/.test(text) ? text : 'unknown'
}

function isName(name: string): boolean {
  return (
    isText(name) &&
    !name.startsWith('/') &&
    !name.split('/').some((step) => step === '' || step === '.' || step === '..')
  )
}

function isText(text: string): boolean {
  return text !== '' && text.length < 4096 && !strange.test(text)
}
