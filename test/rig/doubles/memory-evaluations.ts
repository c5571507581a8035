import type { EvaluationCost } from '../../../src/model/nix/evaluation-cost.ts'
import type { Evaluation } from '../../../src/model/host/system.ts'
import type { Evaluations } from '../../../src/ports/evaluations.ts'

/** The evaluation cache, in memory. */
export class MemoryEvaluations implements Evaluations {
  readonly kept = new Map<string, Evaluation>()
  readonly learned = new Map<string, EvaluationCost>()

  async get(key: string): Promise<Evaluation | null> {
    return this.kept.get(key) ?? null
  }

  async put(key: string, evaluation: Evaluation): Promise<void> {
    this.kept.set(key, evaluation)
  }

  async costs(): Promise<ReadonlyMap<string, EvaluationCost>> {
    return this.learned
  }

  async learn(costs: ReadonlyMap<string, EvaluationCost>): Promise<void> {
    for (const [name, cost] of costs) this.learned.set(name, cost)
  }
}
