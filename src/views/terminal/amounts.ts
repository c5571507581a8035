import { hardSpace } from './width.ts'

/** `1.2 MiB`, or `1.2 MiB to 1.4 MiB` where hosts differ, with hard spaces; nothing for nothing and for what is not known. */
export function byteRange(
  range: { readonly least: number; readonly most: number } | null,
  sign: 'signed' | 'plain',
): readonly string[] {
  if (range === null || (range.least === 0 && range.most === 0)) return []
  const shown = (count: number) =>
    sign === 'signed' ? `${count < 0 ? '-' : '+'}${bytes(Math.abs(count))}` : bytes(count)
  const [least, most] = [shown(range.least), shown(range.most)]
  return [least === most ? least : `${least} to ${most}`]
}

/** Bytes for people: `640 KiB`, `1.2 MiB`, with a hard space. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)}${hardSpace}${units[unit]}`
}

/** A count with its thousands apart: `2,200`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 host`, `9 hosts`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`
}
