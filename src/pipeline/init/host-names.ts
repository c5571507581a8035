import type { Remark } from '../../model/inventory/proposal.ts'
import type { Draft } from './draft.ts'

/** The names that fleet.yaml takes for hosts. */
const isHostName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/
/** What the schema takes for an attribute. */
const isAttribute = /^[^\p{Cc}"\\$]+$/u

/** The same hosts under names that fleet.yaml takes, each of them once; what cannot be named is left out. */
export function hostNames(drafts: readonly Draft[]): {
  readonly hosts: readonly Draft[]
  readonly remarks: readonly Remark[]
} {
  const taken = new Set(drafts.filter(({ name }) => isHostName.test(name)).map(({ name }) => name))
  const remarks: Remark[] = []
  const hosts = drafts.flatMap((draft): readonly Draft[] => {
    const { name, attribute } = draft
    if (isHostName.test(name)) return [draft]
    const made = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
    if (!isHostName.test(made) || taken.has(made) || !isAttribute.test(attribute)) {
      remarks.push({ subject: name, text: 'left out: fleet.yaml has no way to write this name.' })
      return []
    }
    taken.add(made)
    remarks.push({
      subject: name,
      text: `called ${made}: a name starts with a letter or digit, and holds letters, digits, "-", "_" and ".".`,
    })
    return [{ ...draft, name: made, settings: { ...draft.settings, attribute } }]
  })
  return { hosts, remarks }
}
