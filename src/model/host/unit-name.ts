/** The template of an instance (`a@b.service`: `a@.service`); any other unit is its own (man systemd.unit). */
export function templateOf(unit: string): string {
  const [at, dot] = [unit.indexOf('@'), unit.lastIndexOf('.')]
  return at >= 0 && dot > at ? unit.slice(0, at + 1) + unit.slice(dot) : unit
}
