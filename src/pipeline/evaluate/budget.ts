import type { Heap } from '../../ports/nix.ts'

const mebibyte = 1024 * 1024
const gibibyte = 1024 * mebibyte

/**
 * Bytes that all evaluations together may take: three quarters of what is free when none runs, less half a gibibyte for
 * everything else. `taken` is what evaluations hold at the moment of the reading. Null: the system does not tell.
 */
export function budgetOf(available: number | null, taken: number): number | null {
  return available === null ? null : 0.75 * (available + taken) - 512 * mebibyte
}

/**
 * The heap of one child. NixOS outgrows Nix's own initial heap (384 MiB at most), and collecting then takes 22 to 41 % of
 * its time; the maximum makes a host that does not fit fail by itself, with an error, before the kernel ends something.
 */
export function heapOf(budget: number | null, slots: number): Heap | null {
  if (budget === null) return null
  const maximum = Math.max(0.9 * budget, 512 * mebibyte)
  const share = budget / slots - 300 * mebibyte
  const initial = Math.min(Math.max(share, 384 * mebibyte), 2 * gibibyte, maximum)
  return { initial: Math.floor(initial), maximum: Math.floor(maximum) }
}
