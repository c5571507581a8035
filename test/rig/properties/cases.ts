/** How much a costly test tries of the whole: all, or the share that FLEET_TEST_CASES names (`npm run test:unit`: a fifth). */
export function cases(whole: number): number {
  return Math.max(1, Math.round(whole * Number(process.env['FLEET_TEST_CASES'] ?? 1)))
}
