/** Asks again until the answer is true; an error that says what was waited for when it is not within the bound. */
export async function eventually(what: string, question: () => Promise<boolean>, bound = 15_000): Promise<void> {
  const deadline = Date.now() + bound
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`Not within ${bound / 1000} s: ${what}`)
    await new Promise((wait) => setTimeout(wait, 25))
  }
}
