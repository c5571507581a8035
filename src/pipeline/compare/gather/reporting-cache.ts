import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { ClosureCache } from '../../../ports/cache.ts'

/** The same cache, which remembers why something could not be kept: said once, whatever the number of hosts. */
export function reportingCache(cache: ClosureCache): {
  readonly cache: ClosureCache
  problems(): readonly Diagnostic[]
} {
  const problems = new Map<string, Diagnostic>()
  return {
    cache: {
      get: (toplevel, host) => cache.get(toplevel, host),
      async put(toplevel, closure, teller) {
        const failure = await cache.put(toplevel, closure, teller)
        if (failure !== null && problems.size === 0) {
          const { code, summary, detail } = failure
          problems.set(code, diagnostic(code, summary, detail, { severity: 'warning' }))
        }
        return failure
      },
    },
    problems: () => [...problems.values()],
  }
}
