import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../../lab/eventually.ts'
import { eventsOf, Operator, type Running } from '../fleet.ts'
import { loginsOf, restartSshd, watchLogins } from '../logins.ts'
import { openStage } from '../stage.ts'

const host = 'alpha'
const settings = 'checks: [ssh, quick-units], activation: { timeout: 4m, confirmTimeout: 2m }'
const rollout = `
checks:
  quick-units: { type: systemd, timeout: 20s, interval: 1s, deadline: 20s }
`
const stage = openStage({ hosts: { [host]: { services: [] } }, rollout, settings: { [host]: settings } })

/** Where fleet's own files are in a test, so that what it leaves there can be seen. */
let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'fleet-one-'))
  // Builders of Nix, which are other users, work in TMPDIR, too.
  chmodSync(scratch, 0o755)
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

/** An operator whose TMPDIR is below the scratch folder. */
function operatorIn(folder: string): Operator {
  const place = join(scratch, folder)
  mkdirSync(place, { recursive: true })
  const operator = new Operator(stage.lab, rollout, { TMPDIR: place })
  operator.write(rollout, { [host]: settings })
  return operator
}

/** Applies a change to the host that has just been planned; what was printed. */
async function applied(operator: Operator, ...options: readonly string[]): Promise<string> {
  const { file } = await operator.plan()
  await watchLogins(stage.lab, host, ...options)
  const answer = await operator.fleet('apply', file, '--json')
  expect(answer.code, `${answer.stdout}\n${answer.stderr}`).toBe(0)
  expect(eventsOf(answer.stdout)).toContainEqual(expect.objectContaining({ type: 'host.succeeded', host }))
  return `${answer.stdout}${answer.stderr}`
}

it('an apply logs in three times: for its lock and all else, to confirm, and for the checks', async () => {
  const operator = operatorIn('short')
  await applied(operator)
  expect(await loginsOf(stage.lab, host)).toBe(3)
  expect(readdirSync(join(scratch, 'short'))).toEqual([])
})

it.each([
  ['is too long for a socket', 'long/'.repeat(40)],
  ['has a blank', 'a blank'],
])('a TMPDIR that %s costs no login', async (_, folder) => {
  await applied(operatorIn(folder))
  expect(await loginsOf(stage.lab, host)).toBe(3)
})

it('a host that admits one session in a connection costs logins, and nobody reads of it', async () => {
  const printed = await applied(operatorIn('short'), 'MaxSessions=1')
  expect(await loginsOf(stage.lab, host)).toBeGreaterThan(3)
  expect(printed).not.toMatch(/mux_client|ControlPath|Control socket|session request/)
})

it.each(['plan', 'status', 'check'])('%s logs in once', async (command) => {
  await watchLogins(stage.lab, host)
  await stage.operator.fleet(command)
  expect(await loginsOf(stage.lab, host)).toBe(1)
})

/** Starts an apply and waits until the activation hangs on the host. */
async function hanging(operator: Operator): Promise<Running> {
  const { file } = await operator.plan()
  await stage.lab.break(host, 'hang-at-activate')
  const running = operator.start('apply', file)
  await running.until(`${host} activating`)
  await eventually('the activation has begun', async () => {
    const { code } = await stage.lab.inside(host, 'for link in /run/fleet/activations/*/begun; do [ -L "$link" ]; done')
    return code === 0
  })
  return running
}

it('goes on over new connections when the shared one is killed in mid-activation', async () => {
  const operator = operatorIn('short')
  const running = await hanging(operator)
  const [master] = processesWith(`ControlPath=${join(scratch, 'short')}`, 'ControlMaster=yes')
  process.kill(master ?? Number.NaN, 'SIGKILL')
  await running.until('host lock lost')
  await stage.lab.mend(host)
  expect(await running.end(), running.stdout).toBe(0)
  expect(running.stdout).toContain('1 changed')
})

it.each(['stay', 'cut'] as const)(
  'an sshd that is restarted in mid-activation (connections: %s) changes no ending',
  async (how) => {
    const running = await hanging(operatorIn('short'))
    await restartSshd(stage.lab, host, how)
    await stage.lab.mend(host)
    expect(await running.end(), running.stdout).toBe(0)
    expect(running.stdout).toContain('1 changed')
  },
)

it('leaves no process, no socket and no lock when it is killed in mid-activation', async () => {
  const operator = operatorIn('short')
  const running = await hanging(operator)
  running.child.kill('SIGKILL')
  await running.end()
  await eventually('the lock is free', async () => {
    return (await stage.lab.inside(host, 'flock -n /run/fleet/host.lock true')).code === 0
  })
  await stage.lab.mend(host)
  await eventually('no ssh is left', async () => processesWith(join(scratch, 'short')).length === 0)
  const left = readdirSync(join(scratch, 'short'), { recursive: true, withFileTypes: true })
  expect(left.filter((entry) => entry.isSocket())).toEqual([])
})

/** Processes with these texts in their arguments, by id. */
function processesWith(...texts: readonly string[]): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    const words = /^\d+$/.test(name) ? wordsOf(name) : ''
    return words.startsWith('ssh\0') && texts.every((text) => words.includes(text)) ? [Number(name)] : []
  })
}

function wordsOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch (error) {
    // It ended meanwhile.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return ''
    throw error
  }
}
