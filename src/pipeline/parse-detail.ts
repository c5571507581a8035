import type { HostDetail, Link, UnitState } from '../model/system.ts'
import type { Answers } from './answers.ts'

/** Entries of one kind that are read: many times the largest systems. */
const most = 50_000
// oxlint-disable-next-line no-misleading-character-class -- the classes are Unicode's own
const strange = /[\p{Cc}\p{Cf}\p{Cs}]/u

/** The part of an observation that says what the running system consists of; what does not look right is left out. */
export function hostDetail(answers: Answers): HostDetail {
  return {
    etc: answers.has('etc') ? answers.all('etc').slice(0, most).flatMap(linkOf) : null,
    etcModes: modesOf(answers.all('etc-mode')),
    unitLinks: answers.has('unit-link') ? answers.all('unit-link').slice(0, most).flatMap(linkOf) : null,
    unitStates: answers.has('unit-state') ? statesOf(answers.all('unit-state')) : null,
    links: answers.bootLinks('current'),
    systemd: answers.path('current-systemd'),
    inhibitors: answers.text('inhibitors'),
    initInterface: answers.text('init-interface'),
    nixVersion: answers.text('nix-version'),
    selfUpdaters: answers.all('self-updater').filter((unit) => ['nixos-upgrade.timer', 'comin.service'].includes(unit)),
    deriver: derivationOf(answers),
    usersFile: answers.path('users-file'),
    firewallFile: answers.path('firewall-file'),
  }
}

function derivationOf(answers: Answers): string | null {
  const path = answers.path('deriver')
  return path !== null && path.endsWith('.drv') ? path : null
}

/** `NAME<tab>TARGET`; a name that would lead out of its directory is none. */
function linkOf(line: string): readonly Link[] {
  const [name = '', target = '', ...rest] = line.split('\t')
  return rest.length === 0 && isName(name) && isText(target) ? [{ name, target }] : []
}

function modesOf(lines: readonly string[]): HostDetail['etcModes'] {
  const modes = new Map<string, { mode: string; user: string; group: string }>()
  for (const line of lines.slice(0, most)) {
    const [name = '', mode = '', user = '', group = ''] = line.split('\t')
    if (isName(name) && [mode, user, group].every((word) => /^[\w+.-]{0,64}$/.test(word)))
      modes.set(name, { mode, user, group })
  }
  return modes
}

/** Blocks of `Key=value` lines with an empty line between them. Units that follow another are that one. */
function statesOf(lines: readonly string[]): readonly UnitState[] {
  const states: UnitState[] = []
  let block = new Map<string, string>()
  const close = () => {
    const [unit, active, sub, fragment] = ['Id', 'ActiveState', 'SubState', 'FragmentPath'].map(
      (key) => block.get(key) ?? '',
    )
    const isWhole = unit !== undefined && isName(unit) && /^[a-z-]{1,32}$/.test(active ?? '')
    if (isWhole && (block.get('Following') ?? '') === '' && states.length < most)
      states.push({
        unit,
        active: active ?? '',
        sub: word(sub),
        fragment: isText(fragment ?? '') ? (fragment ?? '') : '',
      })
    block = new Map()
  }
  for (const line of lines) {
    const at = line.indexOf('=')
    if (at > 0) block.set(line.slice(0, at), line.slice(at + 1))
    else close()
  }
  close()
  return states
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
