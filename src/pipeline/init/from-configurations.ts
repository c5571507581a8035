import type { ConfigurationFacts } from '../../model/inventory/facts.ts'
import { readAddress } from './address.ts'
import { answerOf, configured, type Draft, type Drafts, leftOut, type Material } from './draft.ts'

/** Every configuration of the flake, which says no addresses. */
export function fromConfigurations(material: Material): Drafts {
  const hosts = material.outline.names.configuration.map((name) => configured(bare(name), material, 'configuration'))
  return { set: 'nixosConfigurations', madeFrom: 'nixosConfigurations', hosts, remarks: [] }
}

/** The configurations that have arguments for nixinate. */
export function fromNixinate(material: Material): Drafts {
  const { configuration } = material.outline.names
  const hosts = configuration.flatMap((name): readonly Draft[] => {
    const facts = answerOf(material.told, 'configuration', name)
    return facts?.nixinate == null ? [] : [configured(drafted(bare(name), facts.nixinate), material, 'configuration')]
  })
  const taken = hosts.map(({ name }) => name)
  const others = leftOut(configuration, taken, 'left out: it has no arguments for nixinate.')
  return { set: 'nixosConfigurations', madeFrom: 'the arguments of nixinate', hosts, remarks: others }
}

function bare(name: string): Draft {
  return { name, attribute: name, address: null, disabled: null, settings: {}, tags: [], comments: [] }
}

/** nixinate logs in as root and builds on the host unless it is told otherwise (MatthewCroughan/nixinate flake.nix). */
function drafted(draft: Draft, facts: NonNullable<ConfigurationFacts['nixinate']>): Draft {
  const { host, sshUser, port, buildOn, substituteOnTarget } = facts
  const read = host === null ? null : readAddress(host)
  const isUnusable = read?.kind === 'placeholder' || read?.kind === 'unusable'
  return {
    ...draft,
    address: read?.kind === 'address' ? read.address : null,
    disabled: isUnusable ? `no address: the arguments of nixinate have ${read.text}` : null,
    settings: {
      ssh: { user: sshUser ?? 'root', ...(port === null ? {} : { port }) },
      ...(buildOn === 'local' ? {} : { buildOn: 'target' as const }),
      ...(substituteOnTarget === false ? { substituteOnTarget } : {}),
    },
  }
}
