/** The eight digits by which people name and compare a plan. */
export function shortPlanId(planId: string): string {
  return planId.replace(/^sha256:/, '').slice(0, 8)
}
