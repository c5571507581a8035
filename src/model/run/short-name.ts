/** The end of a run's name, which commands take for it: `a1b2` of `20251129T210000Z-a1b2`. */
export function shortRun(run: string): string {
  return run.slice(run.lastIndexOf('-') + 1)
}
