import { expect, test } from 'vitest'
import { observationScript } from '../../../../src/pipeline/observe/script.ts'
import { reboot, rebootTime } from '../../../../src/pipeline/host/reboot/reboot.ts'
import type { Remote, RemoteAnswer } from '../../../../src/ports/remote.ts'
import { sampleSettings, storePath } from '../../../rig/samples/plan.ts'
import { VirtualClock } from '../../../rig/doubles/virtual-clock.ts'

const planned = storePath('b', 'nixos-system-alpha-25.05')
const never = new AbortController().signal
const request = {
  name: 'alpha',
  settings: sampleSettings('alpha', { note: 'console: the panel' }),
  to: { system: planned },
  bootId: 'first',
}
const lost: RemoteAnswer = {
  how: 'no-answer',
  begun: true,
  failure: { code: 'ssh/connection-lost', summary: 'the connection was lost', detail: 'ssh to alpha: closed.' },
}
const answered = (code: number): RemoteAnswer => ({ how: 'answered', code, stdout: '', stderr: '' })
const silent: RemoteAnswer = { ...lost, begun: false }

type Answer = RemoteAnswer | { readonly boot: string; readonly booted: string }

/** Stands for a host: answers the command, then the questions one after the other, the last of them for ever. */
class DoubleMachine implements Remote {
  readonly commands: (readonly string[])[] = []
  readonly #command: RemoteAnswer
  readonly #answers: Answer[]

  constructor(command: RemoteAnswer, answers: readonly Answer[]) {
    this.#command = command
    this.#answers = [...answers]
  }

  async run(_: unknown, { script, args }: Parameters<Remote['run']>[1]): Promise<RemoteAnswer> {
    if (script !== observationScript) {
      this.commands.push(args)
      return this.#command
    }
    const next = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]
    if (next === undefined) throw new Error('the double has nothing to answer')
    if ('how' in next) return next
    const lines = [`system=${next.booted}`, `booted=${next.booted}`, 'hostname=alpha', `boot-id=${next.boot}`]
    const [nonce] = args
    const stdout = [`fleet-observation 1 ${nonce}`, ...lines, `fleet-observation end ${nonce}`, ''].join('\n')
    return { how: 'answered', code: 0, stdout, stderr: '' }
  }

  transport(): never {
    throw new Error('the double copies nothing')
  }
}

test('a host has rebooted when it answers from a new boot of the planned system', async () => {
  const remote = new DoubleMachine(lost, [{ boot: 'first', booted: 'x' }, silent, { boot: 'second', booted: planned }])
  const found = await reboot(request, { remote, clock: new VirtualClock() }, never)
  expect(found).toMatchObject({ ok: true, value: { booted: planned, bootId: 'second' } })
  // The boot that is to end is named: asked again, the host would not reboot twice.
  expect(remote.commands).toEqual([['first']])
})

test('a host that has booted something else is told apart', async () => {
  const remote = new DoubleMachine(answered(0), [{ boot: 'second', booted: storePath('a', 'nixos-system-alpha') }])
  const found = await reboot(request, { remote, clock: new VirtualClock() }, never)
  expect(found).toMatchObject({ ok: false, failure: { code: 'reboot/other-system' } })
})

test.each([
  ['stays away', silent, 'reboot/no-return', 'console: the panel'],
  ['never goes down', { boot: 'first', booted: planned }, 'reboot/not-started', 'the same boot'],
] as const)('a host that %s is waited for as long as a reboot may take', async (_, answer, code, detail) => {
  const clock = new VirtualClock()
  const began = clock.now()
  const found = await reboot(request, { remote: new DoubleMachine(lost, [answer]), clock }, never)
  expect(found).toMatchObject({ ok: false, failure: { code } })
  expect(found.ok ? '' : found.failure.detail).toContain(detail)
  expect(clock.now() - began).toBe(rebootTime)
})

test.each([
  ['refuses the command', answered(1), 'reboot/refused'],
  ['cannot be reached', silent, 'ssh/connection-lost'],
] as const)('a host that %s is not waited for', async (_, command, code) => {
  const clock = new VirtualClock()
  const began = clock.now()
  const found = await reboot(request, { remote: new DoubleMachine(command, []), clock }, never)
  expect(found).toMatchObject({ ok: false, failure: { code } })
  expect(clock.now()).toBe(began)
})

test('a host that does not tell its boots apart is left alone', async () => {
  const remote = new DoubleMachine(answered(0), [])
  const found = await reboot({ ...request, bootId: null }, { remote, clock: new VirtualClock() }, never)
  expect(found).toMatchObject({ failure: { code: 'reboot/no-boot-id' } })
  expect(remote.commands).toEqual([])
})

test('waiting ends at once when the run is stopped', async () => {
  const stop = new AbortController()
  const remote = new DoubleMachine(lost, [silent])
  const waiting = reboot(request, { remote, clock: new VirtualClock() }, stop.signal)
  stop.abort()
  expect(await waiting).toMatchObject({ ok: false, failure: { code: 'ssh/connection-lost' } })
})
