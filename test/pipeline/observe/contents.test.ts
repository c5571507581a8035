import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { HostSettings } from '../../../src/model/plan/plan-schema.ts'
import { readContents } from '../../../src/pipeline/observe/contents.ts'
import type { Remote, RemoteRequest } from '../../../src/ports/remote.ts'
import { storePath } from '../../rig/samples/system.ts'

const settings = { address: ['x'], ssh: { connectTimeoutMs: 1 }, sudo: 'none' } as unknown as HostSettings
const [file, top] = [`${storePath('unit-a')}/a.service`, storePath('nixos-system-a')]

/** Asks a host that answers with these lines between the frame's. */
async function answered(...lines: readonly string[]) {
  const asked: RemoteRequest[] = []
  const remote: Remote = {
    run(_, request) {
      asked.push(request)
      const [nonce] = request.args
      const stdout = ['motd', `fleet-contents 1 ${nonce}`, ...lines, `fleet-contents end ${nonce}`, ''].join('\n')
      return Promise.resolve({ how: 'answered', code: 0, stdout, stderr: '' })
    },
    transport: () => Promise.reject(new Error('not used')),
  }
  const request = { name: 'a', settings, files: [file, '/etc/shadow', `${top}/../x`, `${top}/a\nb`], closureOf: top }
  const found = await readContents(request, remote, AbortSignal.timeout(1000))
  if (!found.ok) throw new Error(found.failure.detail)
  return { ...found.value, script: asked[0]?.script ?? '' }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const closure = (dump: string) => `closure=${gzipSync(dump).toString('base64')}`
const record = (path: string, ...references: readonly string[]) =>
  [path, 'hash', '1', '', String(references.length), ...references].map((line) => `${line}\n`).join('')

describe('texts and a closure from a host', () => {
  it('are asked for by path, paths outside a store never', async () => {
    const { texts, script } = await answered(`text=${file}\t${base64('[Service]\n')}`)
    expect([...texts]).toEqual([[file, '[Service]\n']])
    expect(script).toContain(`<<'fleet-paths'\n${file}\nfleet-paths\n`)
    expect(script).not.toContain('shadow')
  })

  it('are taken only for what was asked, and only as text', async () => {
    const other = `${storePath('unit-b')}/b.service`
    const { texts } = await answered(
      `text=${other}\t${base64('x')}`,
      `text=${file}\t${base64('\0')}`,
      'text=',
      '=',
      'x',
    )
    expect(texts.size).toBe(0)
  })

  it('make a closure only when all it refers to is there', async () => {
    const library = storePath('lib')
    expect((await answered(closure(record(top, library) + record(library)))).closure?.size).toBe(2)
    expect((await answered(closure(record(top, library)))).closure).toBeNull()
    expect((await answered(closure(record(library)))).closure).toBeNull()
  })

  it.each(['closure=', 'closure=!!!!', `closure=${base64('not compressed')}`, closure('rubbish')])(
    '%s is no closure',
    async (line) => {
      expect((await answered(line)).closure).toBeNull()
    },
  )
})
