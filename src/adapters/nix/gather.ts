/**
 * Turns many small questions that are asked at the same moment into one: every caller gets the answer to the union of
 * what they asked. A process costs as much for one path as for a thousand.
 */
export function gather<Answer>(
  ask: (paths: readonly string[], signal: AbortSignal) => Promise<Answer>,
): (paths: readonly string[], signal: AbortSignal) => Promise<Answer> {
  let waiting: { readonly paths: Set<string>; readonly answer: Promise<Answer> } | null = null
  return (paths, signal) => {
    if (waiting === null) {
      const asked = new Set<string>()
      const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting = null
        return ask([...asked], signal)
      })
      waiting = { paths: asked, answer }
    }
    for (const path of paths) waiting.paths.add(path)
    return waiting.answer
  }
}
