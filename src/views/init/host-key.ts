import type { Probed } from '../../model/inventory/offered-key.ts'
import type { Remark } from '../../model/inventory/proposal.ts'
import { cleanLine } from '../../model/text/text.ts'

/** What a host offered as its key, in one line. */
export function offeredKey({ name, address, offered }: Probed): string {
  if (!offered.ok) return `${name}  ${address}  ${cleanLine(offered.failure.detail)}`
  const { key, fingerprint, known } = offered.value
  return `${name}  ${address}  ${key.split(' ', 1)[0] ?? ''} ${fingerprint}  ${words[known]}`
}

const words = {
  same: '(the key in your known_hosts)',
  other: '(NOT the key in your known_hosts)',
  none: '(not in your known_hosts)',
} as const

/** Why a host's key is not pinned. */
export function probeRemark({ name, offered }: Probed, isTerminal: boolean): Remark {
  const why = offered.ok
    ? isTerminal
      ? 'not confirmed'
      : 'not confirmed: run fleet init --probe on a terminal'
    : offered.failure.detail
  return { subject: name, text: `no key pinned: ${cleanLine(why)}` }
}
