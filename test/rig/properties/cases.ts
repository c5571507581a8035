/** How many cases of so many a property tries: all of them, or the share that FLEET_TEST_CASES names (`npm run test:unit`). */
export function cases(whole: number): number {
  return Math.max(1, Math.round(whole * Number(process.env['FLEET_TEST_CASES'] ?? 1)))
}
