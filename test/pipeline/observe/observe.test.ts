import { expect, it } from 'vitest'
import { observe } from '../../../src/pipeline/observe/observe.ts'
import type { Remote, RemoteRequest } from '../../../src/ports/remote.ts'
import { noAnswer } from '../../rig/doubles/host.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const never = new AbortController().signal

/** What a host is asked for, by a double of ssh that lets nobody answer. */
async function asked(detail: 'none' | 'contents' | 'store'): Promise<RemoteRequest> {
  const requests: RemoteRequest[] = []
  const remote: Remote = {
    run: (_host, request) => {
      requests.push(request)
      return Promise.resolve({ how: 'no-answer', begun: false, failure: noAnswer })
    },
    transport: () => Promise.reject(new Error('nobody copies')),
  }
  await observe({ name: 'web', settings: sampleSettings('web'), withRoot: false, detail }, remote, never)
  const [only, ...others] = requests
  if (only === undefined || others.length > 0) throw new Error('a host is asked once')
  return only
}

it.each(['contents', 'store'] as const)(
  'a plan (%s) waits for a silent host as long as for a connection, and 5 s',
  async (detail) => {
    const { silenceMs } = await asked(detail)
    expect(silenceMs).toBe(sampleSettings('web').ssh.connectTimeoutMs + 5000)
  },
)

it('a rollout, whose hosts have work to do, waits for the whole answer', async () => {
  expect((await asked('none')).silenceMs).toBeUndefined()
})

it('only what is asked for takes a Nix process on the host', async () => {
  const words = async (detail: 'none' | 'contents' | 'store') => (await asked(detail)).args[1]
  expect([await words('none'), await words('contents'), await words('store')]).toEqual([
    'no',
    'no,detail',
    'no,detail,store',
  ])
})
