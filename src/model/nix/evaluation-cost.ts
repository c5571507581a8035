/** What one evaluation took, measured while it ran; the next one is admitted by it. */
export interface EvaluationCost {
  /** Largest resident size of its process group, bytes. */
  readonly peakBytes: number
  readonly cpuMs: number
}
