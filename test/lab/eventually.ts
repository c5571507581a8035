/** Milliseconds after which whoever waits gives up: a net for what hangs, far beyond what a busy machine takes. */
const bound = 240_000

/** Asks again until the answer is true; an error that says what was waited for when that never comes. */
export async function eventually(what: string, question: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + bound
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`Not within ${bound / 1000} s: ${what}`)
    await new Promise((wait) => setTimeout(wait, 25))
  }
}
