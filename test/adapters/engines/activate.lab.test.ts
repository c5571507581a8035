import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildSystem, copySystem } from '../../lab/by-hand.ts'
import { eventually } from '../../lab/eventually.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import type { Answer } from '../../lab/run.ts'

const program = readFileSync(new URL('../../../src/adapters/engines/activate.sh', import.meta.url), 'utf8')
const host = 'alpha'
const profile = '/nix/var/nix/profiles/system'

let lab: Lab
let before: string
let next: string
let revision = 0

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: ['nginx'] } }, start: 'converged' })
})

afterAll(() => lab?.stop())

beforeEach(async () => {
  before = await runs()
  await lab.set(host, 'motd', `activate ${++revision}`)
  next = await buildSystem(lab, host)
  expect((await copySystem(lab, host, next)).code).toBe(0)
})

afterEach(async () => {
  await lab.mend(host)
  await lab.inside(host, 'mv /run/no-systemd /run/systemd')
  await eventually(
    'nothing is at work',
    async () => (await lab.inside(host, 'pgrep -f "[a]ctivate work|[s]witch-to-configuration "')).code !== 0,
  )
  await lab.inside(host, `nix-env -p ${profile} --set "$(readlink -f /run/current-system)"`)
})

const runs = async () => (await lab.inside(host, 'readlink -f /run/current-system')).stdout.trim()
const boots = async () => (await lab.inside(host, `readlink -f ${profile}`)).stdout.trim()

/** The program with these words, by a shell that is also the `sh` of whatever it starts. */
class Program {
  readonly #shell: string
  readonly id = `test-${++revision}`

  constructor(shell: string) {
    this.#shell = shell
  }

  get folder(): string {
    return `/run/fleet/activations/${this.id}`
  }

  command(verb: string, ...args: readonly string[]): string {
    const bin = `/run/shells/${this.#shell}`
    return `mkdir -p ${bin} && ln -sfn /usr/bin/${this.#shell} ${bin}/sh && PATH=${bin}:$PATH sh ${this.folder}/activate ${[verb, this.id, ...args].join(' ')}`
  }

  async put(): Promise<void> {
    const text = `mkdir -p ${this.folder} && cat >${this.folder}/activate <<'end of the program'\n${program}end of the program`
    expect((await lab.inside(host, text)).code).toBe(0)
  }

  async start({ to = next, action = 'switch', old = [before, before], seconds = 240, confirm = 0, back = 'yes' } = {}) {
    await this.put()
    return lab.inside(
      host,
      this.command('start', action, to, to, old[0] ?? '', old[1] ?? '', `${seconds}`, `${confirm}`, back),
    )
  }

  run(verb: 'follow' | 'confirm', lines = 0): Promise<Answer> {
    return lab.inside(host, this.command(verb, String(lines)))
  }
}

describe.each(['dash', 'bash'])('the program on the host, run by %s', (shell) => {
  it('sets the profile, switches, and tells what the switch says', async () => {
    const one = new Program(shell)
    const answer = await one.start()
    expect(answer).toMatchObject({ code: 0, stderr: '' })
    expect(answer.stdout).toContain('activating the configuration...\n')
    expect([await runs(), await boots()]).toEqual([next, next])
    const roots = await lab.inside(host, 'readlink /nix/var/nix/gcroots/fleet/old-profile')
    expect(roots.stdout).toBe(`${before}\n`)
    // What happened can be read later, by a connection that knows the id.
    expect(await one.run('follow')).toEqual(answer)
  })

  it('keeps a system that is confirmed, however often, and hands each line out once', async () => {
    const one = new Program(shell)
    const started = await one.start({ confirm: 240 })
    expect(started.code).toBe(79)
    const lines = started.stdout.split('\n').length - 1
    expect(await one.run('follow', lines)).toEqual({ code: 79, stdout: '', stderr: '' })
    const twice = await Promise.all([one.run('confirm', lines), one.run('confirm', lines)])
    expect(twice).toEqual([0, 0].map((code) => ({ code, stdout: '', stderr: '' })))
    expect(await one.run('confirm', lines)).toMatchObject({ code: 0 })
    expect([await runs(), await boots()]).toEqual([next, next])
  })

  it('rolls back when nobody confirms, and tells one who comes too late', async () => {
    const one = new Program(shell)
    expect((await one.start({ confirm: 1, back: 'no' })).code).toBe(79)
    await eventually(
      'it has decided',
      async () => (await lab.inside(host, `test -L ${one.folder}/decision`)).code === 0,
    )
    const late = await one.run('confirm')
    expect(late.code).toBe(78)
    expect(late.stdout).toContain(
      `fleet: no new connection confirmed the activation within 1 s\nfleet: rolling back to`,
    )
    expect([await runs(), await boots()]).toEqual([before, before])
  })

  it('lets one decide and all believe it, when confirmations come as the time ends', async () => {
    const one = new Program(shell)
    await one.start({ confirm: 1 })
    const moments = ['0.8', '0.9', '0.95', '1', '1.05', '1.1']
    const all = moments.map((moment) => `(sleep ${moment}; ${one.command('confirm', '0')} >/dev/null; echo $?) &`)
    const { stdout } = await lab.inside(host, `${all.join('\n')}\nwait`)
    const [first, ...others] = stdout.trim().split('\n')
    expect(others).toEqual(others.map(() => first))
    expect(await runs()).toBe(first === '0' ? next : before)
    expect(['0', '78']).toContain(first)
  })

  it('rolls back by itself when the activation fails, and exits as it failed', async () => {
    await lab.break(host, 'activation-fails')
    const answer = await new Program(shell).start({ confirm: 240 })
    expect(answer.code).toBe(2)
    expect(answer.stdout).toContain(`fleet: rolling back to ${before}\n`)
    expect([await runs(), await boots()]).toEqual([before, before])
  })

  it('keeps its own codes for itself', async () => {
    expect((await new Program(shell).start({ old: [before, next] })).code).toBe(76)
    expect((await new Program(shell).start({ old: ['none', '-'] })).code).toBe(76)
    expect((await new Program(shell).start({ to: '/nix/store/00000000000000000000000000000000-none' })).code).toBe(77)
    expect([await runs(), await boots()]).toEqual([before, before])
  })

  it('refuses to begin while another activation runs or waits for its confirmation', async () => {
    const first = new Program(shell)
    expect((await first.start({ confirm: 240 })).code).toBe(79)
    expect((await new Program(shell).start({ old: ['-', '-'] })).code).toBe(75)
    expect((await first.run('confirm')).code).toBe(0)
  })

  it('goes on without the connection that began it, where there is no systemd', async () => {
    const one = new Program(shell)
    await one.put()
    await lab.break(host, 'hang-at-activate')
    await lab.inside(host, 'mv /run/systemd /run/no-systemd')
    const start = one.command('start', 'switch', next, next, before, before, '240', '0', 'no')
    const command = `setsid sh -c '${start}' & echo $! >${one.folder}/connection; wait`
    const connection = lab.inside(host, command)
    const hangs = async () => (await lab.inside(host, 'ps -C at -o args= | grep -q " activate "')).code === 0
    await eventually('the activation hangs', hangs)
    await lab.inside(host, `kill -9 -$(cat ${one.folder}/connection)`)
    await connection
    expect(await hangs()).toBe(true)
    await lab.mend(host)
    expect((await one.run('follow')).code).toBe(0)
    expect(await runs()).toBe(next)
  })

  it('says so when the one who works is ended from outside', async () => {
    const one = new Program(shell)
    await lab.break(host, 'hang-at-activate')
    const answer = one.start({ back: 'no' })
    const worker = `pgrep -f "^sh ${one.folder}/activate work"`
    await eventually('it works', async () => (await lab.inside(host, worker)).code === 0)
    await eventually('it hangs', async () => (await lab.inside(host, 'pgrep -x at')).code === 0)
    await lab.inside(host, `kill -KILL $(${worker})`)
    expect(await answer).toMatchObject({ code: 1, stderr: 'fleet: the activation was ended from outside\n' })
  })

  it('takes a host back to a profile that holds another system than the one that ran', async () => {
    const pending = next
    await lab.inside(host, `nix-env -p ${profile} --set ${pending} && ${pending}/bin/switch-to-configuration boot`)
    await lab.set(host, 'motd', `another ${++revision}`)
    const other = await buildSystem(lab, host)
    expect((await copySystem(lab, host, other)).code).toBe(0)
    await lab.break(host, 'activation-fails')
    expect((await new Program(shell).start({ to: other, old: [pending, before] })).code).toBe(2)
    expect([await runs(), await boots()]).toEqual([before, pending])
    const entry = await lab.inside(host, 'cat /boot/loader/entries/$(sed -n "s/^default //p" /boot/loader/loader.conf)')
    expect(entry.stdout).toContain(`init=${pending}/init`)
  })
})
