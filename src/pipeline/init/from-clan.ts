import type { Remark } from '../../model/inventory/proposal.ts'
import { readAddress } from './address.ts'
import { answerOf, configured, type Draft, type Drafts, leftOut, type Material, type Settings } from './draft.ts'

/** Tags that clan gives every machine by itself. */
const ownTags = new Set(['all', 'nixos', 'darwin'])

/** The NixOS machines of clan's inventory. */
export function fromClan(material: Material): Drafts {
  const { outline, told } = material
  const { configuration, machine } = outline.names
  const remarks: Remark[] = []
  const hosts = machine.flatMap((name): readonly Draft[] => {
    const say = (text: string) => remarks.push({ subject: name, text })
    const facts = answerOf(told, 'machine', name)
    if (facts?.machineClass === 'darwin') {
      say('left out: a macOS machine. fleet deploys NixOS systems.')
      return []
    }
    if (!configuration.includes(name)) {
      say('left out: the inventory has it, and nixosConfigurations does not.')
      return []
    }
    const target = facts?.targetHost ?? answerOf(told, 'configuration', name)?.clanTarget ?? null
    if (facts?.buildHost != null)
      say(`buildHost ${facts.buildHost}: fleet builds here, or on the host (buildOn: target).`)
    const tags = (facts?.tags ?? []).filter((tag) => !ownTags.has(tag))
    const bare = { name, attribute: name, address: null, disabled: null, settings: {}, comments: [], tags }
    return [configured({ ...bare, ...placeOf(target) }, material, 'configuration')]
  })
  const others = leftOut(configuration, machine, 'left out: it is not in the inventory of clan.')
  return { set: 'nixosConfigurations', madeFrom: 'the inventory of clan', hosts, remarks: [...remarks, ...others] }
}

function placeOf(target: string | null): Pick<Draft, 'address' | 'disabled' | 'settings'> {
  if (target === null) return { address: null, disabled: null, settings: {} }
  const read = readAddress(target)
  switch (read.kind) {
    case 'address':
      return { address: read.address, disabled: null, settings: sshOf(read) }
    case 'this-machine':
      return { address: null, disabled: null, settings: {} }
    case 'placeholder':
    case 'unusable':
      return { address: null, disabled: `no address: the inventory has ${read.text}`, settings: {} }
  }
}

function sshOf({ user, port }: { readonly user: string | null; readonly port: number | null }): Settings {
  const ssh = { ...(user === null ? {} : { user }), ...(port === null ? {} : { port }) }
  return Object.keys(ssh).length === 0 ? {} : { ssh }
}
