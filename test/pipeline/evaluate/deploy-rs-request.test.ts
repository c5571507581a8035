import { expect, it } from 'vitest'
import type { Fleet } from '../../../src/model/fleet/fleet.ts'
import type { Failure, HostSettings, Source } from '../../../src/model/plan/plan-schema.ts'
import type { Found } from '../../../src/model/host/system.ts'
import { deployRsRequest, lockWraps } from '../../../src/pipeline/evaluate/deploy-rs-request.ts'
import { unusableEngines } from '../../../src/pipeline/run/start/unusable-engines.ts'
import type { Engine } from '../../../src/ports/engine.ts'
import { changed, samplePlan, sampleSettings, sampleWave, unchanged } from '../../rig/samples/plan.ts'

const source: Source = {
  original: '.',
  flake: 'git+file:///fleet?rev=1234',
  rev: '1234',
  narHash: 'sha256-a+b/c=',
  dirty: false,
  lastModified: null,
  storePath: null,
}
const settings = (more: Partial<HostSettings> = {}) => sampleSettings('web', { engine: 'deploy-rs', ...more })
const wrapped = (flake: string) => settings({ deployRs: { node: 'web', profile: 'system', flake } })

it('asks for nothing where another engine activates, and else for the node that the settings name', () => {
  expect(deployRsRequest(settings({ engine: 'nix' }), source, new Map())).toEqual({ ok: true, value: null })
  const deployRs = { node: 'web.1', profile: 'other', flake: null }
  expect(deployRsRequest(settings({ deployRs }), source, new Map())).toEqual({
    ok: true,
    value: { node: 'web.1', profile: 'other', wrap: null, reference: 'git+file:///fleet?rev=1234' },
  })
})

it('names a source that is pinned by its path with its content, as a pure evaluation wants it', () => {
  const reference = (flake: string) => {
    const found = deployRsRequest(settings(), { ...source, flake }, new Map())
    return found.ok ? found.value?.reference : null
  }
  expect(reference('path:/nix/store/x')).toBe('path:/nix/store/x?narHash=sha256-a%2Bb%2Fc%3D')
  expect(reference('path:/nix/store/x?dir=sub')).toBe('path:/nix/store/x?dir=sub&narHash=sha256-a%2Bb%2Fc%3D')
})

it('locks each flake to wrap with once; one that cannot be locked is the failure of its hosts', async () => {
  const asked: string[] = []
  const failure: Failure = { code: 'source/not-locked', summary: 'no', detail: '' }
  const lock = async (flake: string): Promise<Found<Source>> => {
    asked.push(flake)
    return flake === 'broken' ? { ok: false, failure } : { ok: true, value: { ...source, flake: `${flake}/locked` } }
  }
  const hosts = [wrapped('a'), wrapped('a'), wrapped('broken'), settings(), settings({ engine: 'nix' })].map(
    (each) => ({
      name: 'web',
      enabled: true,
      hostnameFrom: 'configuration' as const,
      settings: each,
      place: { file: '', line: 1, column: 1, length: 1, text: '' },
    }),
  )
  const wraps = await lockWraps({ directory: '/' } as Fleet, hosts, { lock }, new AbortController().signal)
  expect(asked).toEqual(['a', 'broken'])
  expect(deployRsRequest(wrapped('a'), source, wraps)).toMatchObject({ value: { wrap: 'a/locked' } })
  expect(deployRsRequest(wrapped('broken'), source, wraps)).toEqual({ ok: false, failure })
})

it('says once that an engine cannot be used, where some selected host is to be changed by it', async () => {
  const problem = { code: 'deploy-rs/missing', summary: 'deploy could not be started', detail: '' }
  const engines = { 'deploy-rs': { unusable: async () => problem } as unknown as Engine }
  const hosts = {
    web: { ...changed('web'), settings: settings() },
    db: { ...changed('db'), settings: settings() },
    old: { ...unchanged('old'), settings: settings() },
    other: changed('other'),
  }
  const { body } = samplePlan(hosts, [sampleWave('all', Object.keys(hosts))])
  const said = async (...names: readonly string[]) =>
    (await unusableEngines(body, new Set(names), engines, new AbortController().signal)).map(({ code }) => code)
  expect(await said('web', 'db', 'other')).toEqual(['deploy-rs/missing'])
  expect(await said('old', 'other')).toEqual([])
})
