/** How far planning is, in one line that is redrawn in place; `close` takes it away. */
export interface ProgressLine {
  show(progress: { readonly evaluated: number; readonly observed: number; readonly total: number }): void
  close(): void
}

/** For a terminal that can be redrawn. */
export function progressLine(stream: NodeJS.WritableStream): ProgressLine {
  const clear = '\r\u001B[K'
  return {
    show({ evaluated, observed, total }) {
      stream.write(`${clear}evaluated ${evaluated} of ${total}, asked ${observed} of ${total}`)
    },
    close() {
      stream.write(clear)
    },
  }
}
