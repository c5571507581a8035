import { createInterface } from 'node:readline/promises'
import type { Ask } from '../ports/ask.ts'

/** Asks on a terminal: the question goes to `output`, and only the full word `yes` is a yes. */
export function terminalAsk(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Ask {
  return {
    possible: input.isTTY && output.isTTY,
    async confirm(question, signal) {
      // Without raw mode Ctrl-C stays a signal, which `main` handles.
      const lines = createInterface({ input, output, terminal: false })
      try {
        const answer = await lines.question(`${question}\nOnly "yes" will be accepted: `, { signal })
        return answer.trim() === 'yes'
      } catch (error) {
        if (signal.aborted || (error as NodeJS.ErrnoException).code === 'ABORT_ERR') return false
        throw error
      } finally {
        lines.close()
      }
    },
  }
}
