import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lab, startLab } from '../../lab/lab.ts'
import { Operator } from '../fleet.ts'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  const equal = { services: ['nginx'], install: ['git'] }
  lab = await startLab({ hosts: { one: equal, two: equal, three: equal }, start: 'converged' })
  operator = new Operator(lab)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

it('three equal hosts after an update of everything are one change in text, Markdown and HTML', async () => {
  for (const [name, version] of [
    ['nginx', '1.30.0'],
    ['git', '2.60.0'],
    ['openssh', '11.0p1'],
    ['glibc', '2.42-5'],
  ] as const)
    await lab.set('*', `packages.${name}`, version)
  await lab.set('*', 'nixos', '26.05.20260601.abcdef1')
  const [of3, of1] = [await shownAs('three.json'), await shownAs('one.json', '--on', 'one')]
  // What changed is said as often as it is said of one host alone.
  const mentions = (texts: readonly string[]) => texts.map((text) => text.split('1.30.0').length - 1)
  expect(mentions(of3), of3[0]).toEqual(mentions(of1))
  expect(of3[0]).toMatch(/A +3 hosts +one, two, three/)
  for (const text of of3) expect(text).toContain('3 hosts')
})

/** A plan as text, Markdown and HTML. */
async function shownAs(name: string, ...selection: readonly string[]): Promise<readonly string[]> {
  const { file, answer } = await operator.plan(name, ...selection)
  const show = async (format: string) => (await operator.fleet('show', '--format', format, file)).stdout
  return [answer.stdout, await show('markdown'), await show('html')]
}
