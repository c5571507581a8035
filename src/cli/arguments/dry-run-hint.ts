/** What shows a change without making it, for who typed a flag of another program for that; empty: nobody did. */
export function dryRunHint(argv: readonly string[]): string {
  const typed = argv.find((word) => /^--?(dry|dry-?run|check|diff|noop|pretend)$/.test(word))
  if (typed === undefined) return ''
  return `There is no \`${typed}\`. \`fleet plan\` shows what would change. \`fleet apply PLAN --dry-activate\` also shows what activation would do to units, and activates nothing.\n`
}
