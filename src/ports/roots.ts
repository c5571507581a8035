/** Garbage-collector roots on the operator's machine. */
export interface Roots {
  /** Keeps a path alive by a link at `root`, absolute; a path that is not in this machine's store needs none and is fine. */
  add(path: string, root: string, signal: AbortSignal): Promise<void>
  /** Lets go of a root, or of a directory with all roots in it; what is not there is fine. */
  remove(root: string): Promise<void>
}
