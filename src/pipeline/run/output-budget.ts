/** Lines and characters that are kept of what programs print for one host in one run. */
const most = { lines: 20_000, characters: 4 * 1024 * 1024 }

/** Bounds what one run keeps of each host's output, so that no host fills the disk of who deploys to it. */
export class OutputBudget {
  readonly #spent = new Map<string, { lines: number; characters: number }>()

  /** What becomes of a line: it is kept, it is the first that is not (`last`: that is said in its place), or it is dropped. */
  take(host: string, line: string): 'keep' | 'last' | 'drop' {
    const spent = this.#spent.get(host) ?? { lines: 0, characters: 0 }
    this.#spent.set(host, spent)
    const hadRoom = hasRoom(spent)
    spent.lines += 1
    spent.characters += line.length
    if (hasRoom(spent)) return 'keep'
    return hadRoom ? 'last' : 'drop'
  }
}

/** What is said where output stops being kept. */
export const notKept = `fleet keeps no more of this host's output: it printed over ${most.lines} lines or ${most.characters / 1024 ** 2} MiB in this run`

function hasRoom({ lines, characters }: { readonly lines: number; readonly characters: number }): boolean {
  return lines <= most.lines && characters <= most.characters
}
