import type { EtcMode, HostDetail, IdleUnit, Link, UnitNeeds, UnitState } from '../../model/host/system.ts'
import { plainTarget } from '../../model/nix/store-path.ts'
import type { Fields } from './fields.ts'

/** Entries of one kind that are read: many times the largest systems. */
const most = 50_000
/** Units that one unit needs in one way: many times what targets of large systems want. */
const mostNeeds = 5000
const mostSpecialisations = 1000
const reasons = ['stopped', 'ended', 'unmet', 'never'] as const
// oxlint-disable-next-line no-misleading-character-class -- the classes are Unicode's own
const strange = /[\p{Cc}\p{Cf}\p{Cs}]/u

/** Units whose being active means that a host updates itself: system.autoUpgrade's timer, comin. */
const updaters = ['comin.service', 'nixos-upgrade.timer']

/** The part of an observation that says what the running system consists of; what does not look right is left out. */
export function hostDetail(fields: Fields): HostDetail {
  const unitStates = fields.has('unit') ? fields.all('unit').slice(0, most).flatMap(stateOf) : null
  return {
    etc: fields.has('etc') ? linksOf(fields, 'etc') : null,
    etcModes: modesOf(fields.all('etc-file')),
    ...(fields.has('user-unit-link') ? { userUnitLinks: linksOf(fields, 'user-unit-link') } : {}),
    unitLinks: fields.has('unit-link') ? linksOf(fields, 'unit-link') : null,
    unitStates,
    // A systemd without one idle unit is none: the host did not tell.
    idleUnits: fields.has('unit-idle') ? fields.all('unit-idle').slice(0, most).flatMap(idleOf) : null,
    unitNeeds: unitStates === null ? null : needsOf(fields),
    links: fields.bootLinks('current'),
    systemd: fields.path('current-systemd'),
    softwarePath: fields.path('sw'),
    inhibitors: fields.text('inhibitors'),
    specialisations: fields.all('has-specialisation').slice(0, mostSpecialisations).filter(isName),
    initInterface: fields.text('init-interface'),
    nixVersion: fields.text('nix-version'),
    selfUpdaters: updaters.filter((name) =>
      unitStates?.some(({ unit, active }) => unit === name && active === 'active'),
    ),
    deriver: derivationOf(fields),
    usersFile: fields.path('users-file'),
    firewallFile: fields.path('firewall-file'),
  }
}

function linksOf(fields: Fields, key: string): readonly Link[] {
  return fields.all(key).slice(0, most).flatMap(linkOf)
}

/** `ID<tab>WORD`. */
function idleOf(line: string): readonly IdleUnit[] {
  const [unit = '', told = ''] = line.split('\t')
  const since = reasons.find((reason) => reason === told)
  return isName(unit) && since !== undefined ? [{ unit, since }] : []
}

/** `ID<tab>NAMES`, a line for each way to need; a unit's names are bounded, as its lines are. */
function needsOf(fields: Fields): readonly UnitNeeds[] {
  const units = new Map<string, UnitNeeds>()
  const ways = [
    ['unit-wants', 'wants'],
    ['unit-requires', 'requires'],
    ['unit-part-of', 'partOf'],
  ] as const
  for (const [key, way] of ways)
    for (const line of fields.all(key).slice(0, most)) {
      const [unit = '', words = ''] = line.split('\t')
      if (!isName(unit)) continue
      const known = units.get(unit) ?? { unit, wants: [], requires: [], partOf: [] }
      const names = words.split(' ').slice(0, mostNeeds).filter(isName)
      units.set(unit, { ...known, [way]: names })
    }
  return [...units.values()]
}

function derivationOf(fields: Fields): string | null {
  const path = fields.path('deriver')
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
