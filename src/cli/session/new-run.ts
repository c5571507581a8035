import { randomBytes } from 'node:crypto'

/** A name for a run that begins `now` (ms since the epoch); names sort by time: `20261122T101530Z-3f9a`. */
export function newRun(now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${time}-${randomBytes(2).toString('hex')}`
}
