/** Lets everything else that waits have its turn: who does much at once calls it between two parts. */
export function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
