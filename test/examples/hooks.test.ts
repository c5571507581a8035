import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { programHooks } from '../../src/adapters/hooks/program.ts'
import type { HookAnswer } from '../../src/ports/hook.ts'
import { Doubles, StandIn } from '../rig/doubles/stand-in.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const server = new StandIn()
const doubles = new Doubles()
const message = 'Apply failed: 1 changed, 1 failed (rolled back), 4 not started. "$(touch /tmp/no)" ü'
const run = '20261122T140000Z-7f3a'

beforeAll(() => server.listen())
afterAll(() => {
  server.close()
  doubles.close()
})
beforeEach(() => {
  server.asked.length = 0
  server.answer = [200, '{}']
})

/** Calls an example as fleet does. */
async function call(
  words: readonly [string, ...string[]],
  on: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const hook = { on: [], run: words, timeoutMs: 20_000, onError: 'ignore' } as const
  const document = { v: 1, type: on, seq: 42, run, message, host: 'grey-area' }
  const told = { FLEET_EVENT: on, FLEET_RUN: run, FLEET_HOST: 'grey-area', PATH: doubles.path, ...environment }
  return tell(await programHooks(examples).call(hook, document, told, AbortSignal.timeout(30_000)))
}

function tell(answer: HookAnswer): string {
  return answer.how === 'exited' ? `${answer.code} ${answer.message}`.trim() : answer.message
}

describe('examples that notify', () => {
  test('ntfy gets the message, a title and a priority', async () => {
    const topic = `http://127.0.0.1:${server.port}/our-topic`
    expect(await call(['./hooks/ntfy.sh', topic], 'wave.halted')).toBe('0')
    expect(await call(['./hooks/ntfy.sh', topic], 'run.finished')).toBe('0')
    expect(server.asked).toMatchObject([
      { method: 'POST', path: '/our-topic', headers: { title: 'fleet: wave.halted', priority: 'high' }, body: message },
      { headers: { title: 'fleet: run.finished', priority: 'default' } },
    ])
    expect(server.asked[0]?.headers.authorization).toBeUndefined()
  })

  test('ntfy shows a token where there is one, and never among the arguments', async () => {
    const NTFY_TOKEN_FILE = doubles.file('token', 'tk_secret\n')
    doubles.write('curl', `echo "$*" >${doubles.directory}/arguments\nexec /usr/bin/curl "$@"`)
    expect(
      await call(['./hooks/ntfy.sh', `http://127.0.0.1:${server.port}/t`], 'run.finished', { NTFY_TOKEN_FILE }),
    ).toBe('0')
    expect(server.asked[0]?.headers.authorization).toBe('Bearer tk_secret')
    expect(readFileSync(join(doubles.directory, 'arguments'), 'utf8')).not.toContain('tk_secret')
  })

  test('a Matrix room gets the message, under a name of its own so that it cannot come twice', async () => {
    const MATRIX_TOKEN_FILE = doubles.file('matrix', 'syt_secret\n')
    const words = ['./hooks/matrix.sh', `http://127.0.0.1:${server.port}`, '!room:example.net'] as const
    expect(await call([...words], 'run.finished', { MATRIX_TOKEN_FILE })).toBe('0')
    const [asked] = server.asked
    expect(asked).toMatchObject({
      method: 'PUT',
      path: `/_matrix/client/v3/rooms/!room%3Aexample.net/send/m.room.message/${run}-42`,
      headers: { authorization: 'Bearer syt_secret', 'content-type': 'application/json' },
    })
    expect(JSON.parse(asked?.body ?? '')).toEqual({ msgtype: 'm.notice', body: message })
    expect(await call([...words], 'run.finished')).toMatch(/^\d+ .*MATRIX_TOKEN_FILE names no file$/)
  })

  test('a webhook gets the event as it is', async () => {
    expect(await call(['./hooks/webhook.sh', `http://127.0.0.1:${server.port}/fleet`], 'host.failed')).toBe('0')
    expect(server.asked).toMatchObject([
      { method: 'POST', path: '/fleet', headers: { 'content-type': 'application/json' } },
    ])
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({ type: 'host.failed', seq: 42, message })
  })

  test('a server that refuses makes the hook fail, with the reason', async () => {
    server.answer = [403, '']
    expect(await call(['./hooks/ntfy.sh', `http://127.0.0.1:${server.port}/t`], 'run.finished')).toMatch(/^22 .*403/)
    expect(await call(['./hooks/webhook.sh', `http://127.0.0.1:${server.port}/`], 'run.finished')).toMatch(/^22 .*403/)
  })

  test('a mail goes to the address, with what was said as it was said', async () => {
    const mail = join(doubles.directory, 'mail')
    // sendmail (Postfix, msmtp): arguments are recipients, the mail is on standard input.
    doubles.write('sendmail', `{ echo "for: $*"; cat; } >${mail}`)
    expect(await call(['./hooks/mail.sh', 'admin@example.net'], 'run.finished')).toBe('0')
    expect(readFileSync(mail, 'utf8')).toBe(`for: -i -- admin@example.net
To: admin@example.net
Subject: fleet: run.finished
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

${message}

The whole story: fleet history ${run}
`)
    expect(existsSync('/tmp/no')).toBe(false)
  })
})

describe('an example that drains a node around its activation', () => {
  const kubectl = (name: string) => join(doubles.directory, name)
  const drain = (on: string) => call(['./hooks/drain.sh', 'grey-area'], on)
  const said = () => readFileSync(kubectl('said'), 'utf8')

  beforeEach(() => {
    // kubectl 1.30: get says a name or nothing; drain fails while a pod may not go; a node that is cordoned is a file.
    doubles.write(
      'kubectl',
      `echo "$*" >>${kubectl('said')}
case $1 in
  get) [ ! -e ${kubectl('down')} ] || { echo "The connection to the server was refused" >&2; exit 1; }
    [ ! -e ${kubectl('member')} ] || echo "node/$2" ;;
  drain) : >${kubectl('cordoned')}; [ ! -e ${kubectl('busy')} ] || { echo "error when evicting pods" >&2; exit 1; } ;;
  uncordon) rm ${kubectl('cordoned')} ;;
esac`,
    )
    doubles.file('said', '')
    doubles.file('member', '')
  })

  test('it drains before the host, waits while pods may not go, and lets work in after it', async () => {
    doubles.file('busy', '')
    expect(await drain('before.host')).toBe('75 grey-area still has pods that may not go yet')
    expect(said()).toContain('drain grey-area --ignore-daemonsets --delete-emptydir-data --timeout=30s\n')
    doubles.remove('busy')
    expect(await drain('before.host')).toBe('0 grey-area is drained')
    expect(existsSync(kubectl('cordoned'))).toBe(true)
    expect(await drain('host.succeeded')).toBe('0 grey-area takes work again')
    expect(existsSync(kubectl('cordoned'))).toBe(false)
  })

  test('it lets through what is no node, and refuses where the cluster does not answer', async () => {
    doubles.remove('member')
    expect(await drain('before.host')).toBe('0 grey-area is no node of the cluster')
    expect(said()).not.toContain('drain')
    doubles.file('down', '')
    expect(await drain('before.host')).toBe('1 the cluster does not answer')
    doubles.remove('down')
  })
})

describe('an example that lets unattended work begin on a steady machine', () => {
  const steady = () => call(['./hooks/steady.sh'], 'before.run')

  test('it goes on, waits and refuses', async () => {
    // df -P of coreutils and the words of systemctl is-system-running.
    const df = (use: string) => doubles.write('df', `printf 'Filesystem\\n/dev/sda1 100 50 50 ${use} /\\n'`)
    df('91%')
    doubles.write('systemctl', 'echo running')
    expect(await steady()).toBe('1 / 91 % used, 90 % allowed')
    df('?')
    expect(await steady()).toBe('1 the use of / cannot be read')
    df('90%')
    expect(await steady()).toMatch(
      /^(0 \/ 90 % used, the system is running, up for \d+ min|75 up for \d+ min, 30 min wanted)$/,
    )
    doubles.write('systemctl', 'echo degraded; exit 1')
    expect(await steady()).toBe('1 the system is degraded, running wanted')
    doubles.write('systemctl', 'echo starting; exit 1')
    expect(await steady()).toBe('75 the system is starting')
  })
})
