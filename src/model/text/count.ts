/** A number of hosts, or a percentage such as `25%`, as fleet.yaml has it. */
export type Count = number | string

/** The number that a count means among `total` hosts: percentages round down, and nothing falls below `least`. */
export function resolveCount(count: Count, total: number, least: 0 | 1): number {
  const number = typeof count === 'number' ? count : Math.floor((total * Number.parseInt(count, 10)) / 100)
  return Math.max(least, number)
}
