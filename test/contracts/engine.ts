import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../lab/eventually.ts'
import { type EngineUnderTest, leftOver, type Scene, Stage } from './engine-stage.ts'

/*
 * What every engine does, whatever it is, over real ssh and real Nix. A test file of an engine calls
 *
 *   engineContract({
 *     name: 'nix',
 *     make: ({ lab, remote, clock }) => nixEngine(remote, clock),
 *     answers: { 'lost-during': 'done', 'lost-after': 'failed', 'aborted-during': 'lost', 'no-effect': 'done' },
 *   })
 *
 * Faults are the lab's (test/lab/faults.ts), which work below every engine. See EngineUnderTest for what else may be said.
 */

const never = new AbortController().signal

/** The suite. */
export function engineContract(under: EngineUnderTest): void {
  const stage = new Stage(under)
  const { confirms = true } = under
  const expectUnconfirmed = (one: Scene) => (confirms ? one.expectBack() : one.expectThere())

  beforeAll(() => stage.open(['alpha', 'beta', 'gamma']))
  afterAll(() => stage.close())

  describe.concurrent(`the engine ${under.name}`, () => {
    it('brings a host to its target, in a new generation, and says what is done there', () =>
      stage.play(async (one) => {
        expect(await one.activated(one.task())).toMatchObject({ how: 'done' })
        await one.expectThere()
        expect((await one.state()).generation).not.toBe(one.before.generation)
        expect(one.lines.join('\n')).toContain('activating the configuration')
      }))

    it('copies and shows what an activation would do without changing anything', () =>
      stage.play(async (one) => {
        const task = one.task()
        expect(await one.engine.copy(task, never)).toEqual({ how: 'done' })
        expect((await one.lab.inside(one.host, `nix-store --check-validity ${one.to.system}`)).code).toBe(0)
        expect(await one.engine.dryActivate(task, never)).toEqual({ how: 'done' })
        expect(one.lines.join('\n')).toContain('would activate the configuration')
        expect(await one.state()).toEqual(one.before)
      }))

    it('sets a system for the next boot and leaves what runs', () =>
      stage.play(async (one) => {
        const { settings } = one.task()
        expect(await one.activated(one.task({}, { settings: { ...settings, mode: 'boot' } }))).toEqual({ how: 'done' })
        expect(await one.state()).toMatchObject({ system: one.before.system, profile: one.to.profile })
      }))

    it('never touches a host that runs its target, and rolls back to a recorded path when told to', () =>
      stage.play(async (one) => {
        await one.activated(one.task())
        const there = await one.state()
        const again = one.lines.length
        const { system, profile } = one.to
        expect(await one.engine.activate(one.task({}, { from: { system, profile } }), never)).toMatchObject({
          how: 'refused',
        })
        expect(await one.state()).toEqual(there)
        expect(one.lines.slice(again).join('\n')).not.toContain('activating the configuration')
        expect(await one.engine.rollBack(one.task(), never)).toEqual({ how: 'done' })
        await one.expectBack()
      }))

    it('does not touch a host that has moved', () =>
      stage.play(async (one) => {
        const elsewhere = one.before.system.replace(/[^/]{32}-/, '00000000000000000000000000000000-')
        const answer = await one.activated(one.task({}, { from: { system: elsewhere, profile: elsewhere } }))
        expect(answer.how).toBe('refused')
        expect(await one.state()).toEqual(one.before)
      }))

    it('leaves the host untouched when it cannot copy', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'disk-full')
        const answer = await one.engine.copy(one.task(), never)
        expect(answer).toMatchObject({ how: 'refused', failure: { code: 'copy/no-space' } })
        expect(await one.state()).toEqual(one.before)
      }))

    it('leaves the host untouched when it cannot be reached', () =>
      stage.play(async (one) => {
        expect(await one.engine.copy(one.task(), never)).toEqual({ how: 'done' })
        await one.lab.break(one.host, 'unreachable')
        expect((await one.engine.activate(one.task(), never)).how).not.toBe('done')
        expect(await one.state()).toEqual(one.before)
      }))

    it('takes a host back whose activation fails', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'activation-fails')
        expect((await one.activated(one.task())).how).toBe('failed')
        await one.expectBack()
      }))

    it('takes a host back on which units fail, and says which', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'unit-fails', { parameter: 'nginx.service' })
        const answer = await one.activated(one.task())
        expect(answer.how).toBe('failed')
        expect(answer.how === 'failed' ? answer.failure.detail : '').toContain('nginx.service')
        await one.expectBack()
      }))

    it('does not hold against a host what had failed before, on the way there and back', () =>
      stage.play(async (one) => {
        const old = 'nginx.service'
        await one.lab.break(one.host, 'unit-fails', { parameter: old, spare: 'nothing' })
        await one.lab.inside(one.host, `systemctl lab-fail ${old}`)
        const task = one.task({}, { failedBefore: [old] })
        const answer = await one.activated(task)
        if (under.rollsBackOldFailures === true) {
          expect(answer).toMatchObject({ how: 'failed', failure: { code: 'deploy-rs/old-failures' } })
          return one.expectBack()
        }
        expect(answer).toMatchObject({ how: 'done' })
        await one.expectThere()
        expect((await one.lab.inside(one.host, `systemctl is-failed ${old}`)).stdout).toContain('failed')
        expect(await one.engine.rollBack(task, never)).toEqual({ how: 'done' })
        return one.expectBack()
      }))

    it('leaves a failed host where it is when it is not to go back', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'activation-fails')
        expect((await one.activated(one.task({ autoRollback: false }))).how).toBe('failed')
        await one.settled()
        // Exit 2 of switch-to-configuration: it failed, and the system has moved all the same.
        expect((await one.state()).system).toBe(one.to.system)
      }))

    it('is not the judge of what an exit code is worth', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'no-effect')
        expect((await one.activated(one.task())).how).toBe(under.answers['no-effect'])
        await one.settled()
        expect((await one.state()).system).toBe(one.before.system)
      }))

    it('survives a connection that goes during the activation', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'drop-connection-at-activate')
        const answer = await one.activated(one.task())
        expect(answer.how).toBe(under.answers['lost-during'])
        if (answer.how === 'done') return one.expectThere()
        await one.settled()
        const { system, profile } = await one.state()
        const whole = [one.before, one.to].map((each) => [each.system, each.profile])
        return expect(whole).toContainEqual([system, profile])
      }))

    it('brings a host back that cannot be reached after its activation, where engines confirm', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'sshd-stops', { parameter: under.sshdStops ?? 'cut' })
        expect((await one.activated(one.task({ timeoutMs: 15_000, confirmTimeoutMs: 2_000 }))).how).toBe(
          under.answers['lost-after'],
        )
        await expectUnconfirmed(one)
        expect((await one.lab.ssh(one.host, 'true')).code).toBe(confirms ? 0 : 255)
      }))

    it('does not wait for ever for an activation', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'hang-at-activate')
        // Time enough to go back in, which has the same limit.
        expect((await one.activated(one.task({ timeoutMs: 10_000, confirmTimeoutMs: 2_000 }))).how).not.toBe('done')
        await one.lab.mend(one.host)
        await expectUnconfirmed(one)
      }))

    it('says nothing that could harm a terminal or give a credential away', () =>
      stage.play(async (one) => {
        const parameter = String.raw`\033]0;owned\007\033[31mred\033[0m https://me:hunter2@example.net $6$saltsalt$hashhash`
        await one.lab.break(one.host, 'speaks', { parameter })
        await one.activated(one.task())
        const said = one.lines.join('\n')
        expect(said).toContain('red https://me:')
        // oxlint-disable-next-line no-control-regex -- they must not be there
        expect(said).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]|owned|hunter2|hashhash/)
      }))
  })

  // One after the other: the processes that are left belong to the scene that looks.
  describe(`the engine ${under.name}, stopped`, () => {
    it('before it begins, does nothing', () =>
      stage.play(async (one) => {
        expect(await one.engine.copy(one.task(), never)).toEqual({ how: 'done' })
        const aborted = AbortSignal.abort()
        expect((await one.engine.copy(one.task(), aborted)).how).toBe('refused')
        expect((await one.engine.activate(one.task(), aborted)).how).not.toBe('done')
        expect(await one.state()).toEqual(one.before)
      }))

    it('while it copies, leaves no process behind and ends none that is not its own', () =>
      stage.play(async (one) => {
        const bystander = spawn('sleep', ['600'], { stdio: 'ignore', env: { PATH: process.env['PATH'] } })
        await one.lab.break(one.host, 'hang-at-copy')
        const stop = new AbortController()
        const copying = one.engine.copy(one.task(), stop.signal)
        const waits = "pgrep -f 'nix-daemon --stdi[o]|nix daemon --stdi[o]|nix-store --serv[e]'"
        await eventually('the copy has begun', async () => (await one.lab.inside(one.host, waits)).code === 0)
        expect(leftOver()).not.toEqual([])
        stop.abort()
        expect((await copying).how).toBe('refused')
        await eventually('no process is left', async () => leftOver().length === 0)
        expect(bystander.kill()).toBe(true)
        expect(await one.state()).toEqual(one.before)
      }))

    it('while it activates, does not stop the activation, which nobody confirms then', () =>
      stage.play(async (one) => {
        await one.lab.break(one.host, 'hang-at-activate')
        const stop = new AbortController()
        const answer = one.activated(one.task({ confirmTimeoutMs: 2_000 }), stop.signal)
        const hangs = async () =>
          (await one.lab.inside(one.host, 'ps -C at -o args= | grep -q " activate "')).code === 0
        await eventually('the activation hangs', hangs)
        stop.abort()
        expect((await answer).how).toBe(under.answers['aborted-during'])
        expect(await hangs()).toBe(true)
        expect(leftOver().filter((command) => under.mayLeave?.test(command) !== true)).toEqual([])
        await one.lab.mend(one.host)
        await expectUnconfirmed(one)
        await eventually('no process is left', async () => leftOver().length === 0)
      }))
  })
}
