import type { Source } from '../plan/plan-schema.ts'

/**
 * A locked source as a reference that `builtins.getFlake` takes in a pure evaluation: a store path is read only where its
 * content is named with it; a revision is as good.
 */
export function pureReference({ flake, narHash }: Pick<Source, 'flake' | 'narHash'>): string {
  if (!flake.startsWith('path:') || narHash === null) return flake
  return `${flake}${flake.includes('?') ? '&' : '?'}narHash=${encodeURIComponent(narHash)}`
}
