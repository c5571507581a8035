import { styleText } from 'node:util'

/** What a piece of text is, so that every view colours the same things alike. */
export type Role = 'good' | 'bad' | 'change' | 'warning' | 'faint' | 'strong'

/** Colours a text by its role, or leaves it alone. */
export type Paint = (role: Role, text: string) => string

const formats = {
  good: 'green',
  bad: 'red',
  change: 'yellow',
  warning: 'magenta',
  faint: 'dim',
  strong: 'bold',
} as const

/** The paint for a stream that shows colours, or for one that does not. */
export function paintFor(color: boolean): Paint {
  if (!color) return (_role, text) => text
  // Whether the stream shows colours was decided by the caller; Node 22 would decide again, for its own stdout.
  return (role, text) => (text.trim() === '' ? text : styleText(formats[role], text, { validateStream: false }))
}
