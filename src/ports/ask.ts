/** The operator, where there is one at a terminal. */
export interface Ask {
  /** False where nobody can answer: then a question is an error that names the flag which answers it. */
  readonly possible: boolean
  /** True for the full word `yes` and nothing else. */
  confirm(question: string, signal: AbortSignal): Promise<boolean>
}
