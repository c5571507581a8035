import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { systemClock } from '../../../../src/adapters/clock.ts'
import { fileClosureCache } from '../../../../src/adapters/state/cache.ts'
import type { Host } from '../../../../src/model/fleet/fleet.ts'
import type { Failure } from '../../../../src/model/plan/plan-schema.ts'
import type { HostDetail, Observation } from '../../../../src/model/host/system.ts'
import { gatherHost } from '../../../../src/pipeline/compare/gather/gather-host.ts'
import type { Remote } from '../../../../src/ports/remote.ts'
import type { Store } from '../../../../src/ports/store.ts'
import { sampleEvaluation } from '../../../rig/samples/evaluation.ts'
import { storePath } from '../../../rig/samples/system.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-told-'))
afterAll(() => rmSync(folder, { recursive: true }))

const system = storePath('nixos-system-web-25.05')
const [honestPackage, invented] = [storePath('openssl-3.0'), storePath('openssl-1.0-with-a-hole')]
const failure: Failure = { code: 'plan/unreadable', summary: '', detail: '' }
const unread = Promise.resolve({ ok: false, failure } as const)
/** This machine has nothing of what the hosts run. */
const store: Store = {
  derivations: () => unread,
  valid: () => Promise.resolve({ ok: true, value: new Set<string>() }),
  records: () => Promise.resolve({ ok: true, value: new Map() }),
  closure: () => unread,
  contents: () => Promise.resolve(null),
  file: () => Promise.resolve(null),
  text: () => Promise.resolve(null),
}

const record = (path: string, ...references: readonly string[]) =>
  [path, 'hash', '1', '', String(references.length), ...references].map((line) => `${line}\n`).join('')

/** What each host answers that is asked for the closure of its system. */
const tells: Readonly<Record<string, string>> = {
  liar: record(system, invented) + record(invented),
  honest: record(system, honestPackage) + record(honestPackage),
}

const remote: Remote = {
  run({ name }, { args: [nonce] }) {
    const closure = `closure=${gzipSync(tells[name] ?? '').toString('base64')}`
    const stdout = ['', `fleet-contents 1 ${nonce}`, closure, `fleet-contents end ${nonce}`, ''].join('\n')
    return Promise.resolve({ how: 'answered', code: 0, stdout, stderr: '' })
  },
  transport: () => Promise.reject(new Error('not used')),
}

async function packagesOf(name: string): Promise<readonly string[]> {
  const links = { kernel: null, initrd: null, kernelModules: null, kernelParams: null }
  const detail = { etc: null, etcModes: new Map(), unitLinks: null, unitStates: null, links } as unknown as HostDetail
  const observation = { system, bootLinks: links, selectedPackages: null, detail } as unknown as Observation
  const settings = { ssh: { connectTimeoutMs: 1000 } }
  const host = { name, settings } as unknown as Host
  const { before } = await gatherHost(
    { host, observation, evaluation: sampleEvaluation(name) },
    { store, remote, closures: fileClosureCache(folder, systemClock) },
    AbortSignal.timeout(5000),
  )
  if (before.packages.how === 'unknown') throw new Error(before.packages.why)
  return before.packages.value.paths
}

it('a host that invents the contents of a system that another host runs, too, deceives nobody about that host', async () => {
  expect(await packagesOf('liar')).toContain(invented)
  const told = await packagesOf('honest')
  expect(told).toContain(honestPackage)
  expect(told).not.toContain(invented)
})
