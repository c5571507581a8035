import { structuredPatch, type StructuredPatchHunk } from 'diff'

/** Lines around a change that are shown with it. */
const context = 3
/**
 * Removed and added lines that are worth their time: some 0.1 s at worst. A number of lines and no time, so that the same texts
 * have the same patch, and the same plan, on every machine.
 */
const mostEdits = 1000

/** How two texts differ. `too-different`: in more than 1,000 lines, which are not compared to the end. */
export type Patch = { readonly kind: 'same' } | { readonly kind: 'too-different' } | UnifiedPatch

/** `text` is the hunks of a unified difference as `diff -U3` writes them, without file names. */
interface UnifiedPatch {
  readonly kind: 'patch'
  readonly text: string
}

/** Compares two texts line by line; applied to `before`, the patch makes `after`. */
export function unifiedPatch(before: string, after: string): Patch {
  if (before === after) return { kind: 'same' }
  const found = structuredPatch('', '', before, after, '', '', { context, maxEditLength: mostEdits })
  return found === undefined ? { kind: 'too-different' } : { kind: 'patch', text: found.hunks.map(hunkText).join('') }
}

function hunkText({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string {
  return [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines, ''].join('\n')
}

/** A range of no lines is named by the line before it; one line needs no length. */
function range(start: number, length: number): string {
  if (length === 1) return String(start)
  return `${length === 0 ? start - 1 : start},${length}`
}
