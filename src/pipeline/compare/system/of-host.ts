import { parseAccounts } from '../../../model/host/accounts.ts'
import { isFirewall, openPorts } from '../../../model/host/firewall-rules.ts'
import {
  built,
  type EtcEntry,
  type Known,
  type NixosSystem,
  type Texts,
  unitsOfLinks,
  unknown,
} from '../../../model/host/nixos-system.ts'
import type { Observation, SystemContents } from '../../../model/host/system.ts'
import { inhibitorsOfValue } from './of-derivations.ts'

const missing = { packages: unknown('not worked out'), size: unknown('not requested') }

/**
 * The system that a host runs, as it told. Everything of it is built; what it did not tell is unknown. Packages and size are
 * added by `withClosure`.
 */
export function systemOfHost(observation: Observation, texts: Texts): NixosSystem {
  const { detail } = observation
  const label =
    observation.release === null ? unknown('the host did not report its release') : built(observation.release)
  const common = { toplevel: observation.system, label, revision: built(observation.revision), texts, ...missing }
  if (detail === null) {
    const none = unknown('the host was not contacted')
    const fields = { boot: none, systemd: none, etc: none, units: none, userUnits: none, users: none, groups: none }
    return { ...common, ...fields, firewall: none, inhibitors: none, specialisations: none }
  }
  return { ...common, ...partsOf(detail, texts), ...unknownFor(observation.missingTools ?? []) }
}

/** Without these programs an answer is missing that looks as if there were nothing to answer. */
function unknownFor(missing: readonly string[]): Partial<Pick<NixosSystem, 'firewall' | 'inhibitors'>> {
  const reader = ['head', 'tr'].find((tool) => missing.includes(tool))
  return {
    ...(missing.includes('grep') ? { firewall: unknown('the host has no grep') } : {}),
    ...(reader === undefined ? {} : { inhibitors: unknown(`the host has no ${reader}`) }),
  }
}

/** A system that is built and on this machine, in the same way; its label is what its evaluation said. */
export function systemOfBuilt(
  toplevel: string,
  contents: SystemContents,
  label: NixosSystem['label'],
  texts: Texts,
): NixosSystem {
  const revision = unknown('not visible in what is built')
  return { toplevel, label, revision, texts, ...missing, ...partsOf(contents, texts) }
}

function partsOf(contents: SystemContents, texts: Texts) {
  const { systemd, etc, unitLinks, userUnitLinks = null, links } = contents
  const accounts = accountsOf(contents, texts)
  return {
    boot: built(links),
    systemd: systemd === null ? unknown('which systemd it is could not be read') : built(systemd),
    etc: etc === null ? unknown('its /etc could not be listed') : built(etcOf(contents)),
    units: unitLinks === null ? unknown('its units could not be listed') : built(unitsOfLinks(unitLinks)),
    userUnits:
      userUnitLinks === null ? unknown('its user units could not be listed') : built(unitsOfLinks(userUnitLinks)),
    users: accounts.how === 'unknown' ? accounts : built(accounts.value.users),
    groups: accounts.how === 'unknown' ? accounts : built(accounts.value.groups),
    firewall: firewallOf(contents, texts),
    inhibitors: inhibitorsOf(contents),
    specialisations:
      contents.specialisations === undefined
        ? unknown('its specialisations were not listed')
        : built(new Set(contents.specialisations)),
  }
}

/** Entries of etc that are plain links have no mode beside them (nixpkgs nixos/modules/system/etc/etc.nix). */
function etcOf({ etc, etcModes }: SystemContents): ReadonlyMap<string, EtcEntry> {
  const plain = { mode: 'symlink', user: '+0', group: '+0' }
  return new Map((etc ?? []).map(({ name, target }) => [name, { source: target, ...(etcModes.get(name) ?? plain) }]))
}

function accountsOf(
  { usersFile }: SystemContents,
  texts: Texts,
): Known<{ users: ReadonlyMap<string, string>; groups: ReadonlyMap<string, string> }> {
  if (usersFile === null) return unknown('the activation of the system names no users-groups.json')
  const text = texts.get(usersFile)
  const accounts = text === undefined ? null : parseAccounts(text)
  return accounts === null ? unknown('users-groups.json could not be read') : built(accounts)
}

function firewallOf({ firewallFile }: SystemContents, texts: Texts): NixosSystem['firewall'] {
  if (firewallFile === null) return built({ enabled: false, ports: new Set<string>() })
  const text = texts.get(firewallFile)
  return text === undefined
    ? unknown('the rules of the firewall could not be read')
    : built(isFirewall(text) ? { enabled: true, ports: openPorts(text) } : { enabled: false, ports: new Set<string>() })
}

function inhibitorsOf({ inhibitors }: SystemContents): NixosSystem['inhibitors'] {
  if (inhibitors === null) return built(new Map<string, string>())
  try {
    const found = inhibitorsOfValue(JSON.parse(inhibitors))
    return found === null ? unknown('switch-inhibitors is not what it should be') : built(found)
  } catch (error) {
    if (error instanceof SyntaxError) return unknown('switch-inhibitors is not JSON')
    throw error
  }
}
