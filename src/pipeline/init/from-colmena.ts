import type { DeploymentFacts } from '../../model/inventory/facts.ts'
import type { Remark } from '../../model/inventory/proposal.ts'
import { readAddress } from './address.ts'
import { answerOf, configured, type Draft, type Drafts, leftOut, type Material, whyNot } from './draft.ts'
import { sshWords } from './ssh-words.ts'
import { sudoPrefix } from './sudo-prefix.ts'

/** The line that makes a hive of modules one that evaluates. */
export const hiveLine = 'colmenaHive = colmena.lib.makeHive self.outputs.colmena;'

/** The hosts of a hive; its configurations are those of `nixosConfigurations` where they hold every host of it. */
export function fromColmena(material: Material): Drafts {
  const { outline, told } = material
  const { configuration, hive, module } = outline.names
  const isMade = hive.length > 0
  const names = isMade ? hive : module
  const holdsAll = names.every((name) => configuration.includes(name))
  const inHive = isMade && !holdsAll
  const remarks: Remark[] = []
  const hosts = names.flatMap((name): readonly Draft[] => {
    if (!inHive && !configuration.includes(name)) {
      remarks.push({
        subject: name,
        text: `left out: the hive has it as modules only. Add \`${hiveLine}\` to the flake, and run fleet init again.`,
      })
      return []
    }
    const deployment = isMade ? (answerOf(told, 'hive', name)?.deployment ?? null) : answerOf(told, 'module', name)
    const bare = { name, attribute: name, address: null, settings: {}, tags: [], comments: [] }
    const disabled = whyNot(told, isMade ? 'hive' : 'module', name)
    const say = (text: string) => remarks.push({ subject: name, text })
    const draft = deployment === null ? { ...bare, disabled } : drafted({ ...bare, disabled: null }, deployment, say)
    return [configured(draft, material, isMade ? 'hive' : 'configuration')]
  })
  if (!isMade && hosts.length > 0)
    remarks.push({
      subject: 'colmena',
      text: `what its modules import is not read: with \`${hiveLine}\` in the flake, fleet init reads all of it.`,
    })
  const others = leftOut(configuration, names, 'left out: it is not in the hive.')
  return {
    set: inHive ? 'colmenaHive.nodes' : 'nixosConfigurations',
    madeFrom: isMade ? 'colmenaHive' : 'colmena and nixosConfigurations',
    hosts,
    remarks: [...remarks, ...others],
  }
}

function drafted(bare: Draft, deployment: DeploymentFacts, say: (text: string) => void): Draft {
  const { targetUser, targetPort, buildOnTarget, sshOptions, keys, tags } = deployment
  const { ssh, unused } = sshWords(sshOptions ?? [])
  for (const word of unused) say(`sshOptions ${word}`)
  if (keys !== null && keys.length > 0)
    say(
      `deployment.keys ${keys.join(', ')}: fleet.yaml cannot say them yet. \`colmena upload-keys --on ${bare.name}\` still brings them.`,
    )
  const place = placeOf(deployment)
  const whole = {
    ...ssh,
    ...(targetUser === null ? {} : { user: targetUser }),
    ...(targetPort === null ? {} : { port: targetPort }),
  }
  return {
    ...bare,
    ...place,
    tags: tags ?? [],
    settings: {
      ...(Object.keys(whole).length === 0 ? {} : { ssh: whole }),
      ...sudoPrefix(deployment.privilegeEscalationCommand),
      ...(buildOnTarget === true ? { buildOn: 'target' as const } : {}),
    },
  }
}

function placeOf({
  isTargetSaid,
  targetHost,
  allowLocalDeployment,
}: DeploymentFacts): Pick<Draft, 'address' | 'disabled'> {
  if (!isTargetSaid) return { address: null, disabled: null }
  if (targetHost === null)
    return {
      address: null,
      disabled: `no targetHost in the hive${allowLocalDeployment === true ? ': deployed on the machine itself (allowLocalDeployment)' : ''}`,
    }
  const read = readAddress(targetHost)
  switch (read.kind) {
    case 'address':
      return { address: read.address, disabled: null }
    case 'this-machine':
      return { address: null, disabled: null }
    case 'placeholder':
    case 'unusable':
      return { address: null, disabled: `no address: the hive has ${read.text}` }
  }
}
