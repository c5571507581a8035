import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { moduleCheck } from '../../../src/adapters/checks/module.ts'
import { checkContract } from '../../contracts/check.ts'
import { moduleCheckOf } from '../../rig/samples/checks.ts'
import { sampleAttempt } from '../../rig/samples/subject.ts'

const directory = mkdtempSync(join(tmpdir(), 'fleet-module-'))
const type = moduleCheck(directory)
afterAll(() => rmSync(directory, { recursive: true }))

/** Writes a module whose default export is a function with that body; its argument is `told`. */
function moduleOf(name: string, body: string): string {
  const path = `./${name}.mjs`
  writeFileSync(join(directory, path), `export default async function (told) { ${body} }\n`)
  return path
}

async function measured(body: string) {
  const check = moduleCheckOf(moduleOf('module', body), { with: { limit: 5 } })
  return type.measure(check, sampleAttempt(), new AbortController().signal)
}

const mark = `300.08${process.pid}`
checkContract('module', mark, async () => ({
  type,
  passes: moduleCheckOf(moduleOf('passes', "return { status: 'pass', message: 'well' }")),
  fails: moduleCheckOf(moduleOf('fails', "return { status: 'fail', message: 'ill' }")),
  cannotMeasure: moduleCheckOf('./no-such-module.mjs'),
  hangs: {
    check: moduleCheckOf(
      moduleOf(
        'hangs',
        `process.on('SIGTERM', () => {}); (await import('node:child_process')).spawn('sleep', ['${mark}']); for (;;) {}`,
      ),
      { timeoutMs: 700 },
    ),
    says: 'error',
  },
  hostile: moduleCheckOf(
    moduleOf('hostile', "return { status: 'fail', message: '\\u001b[2J\\u202e\\n' + 'x'.repeat(9999) }"),
  ),
  megabyte: {
    check: moduleCheckOf(moduleOf('megabyte', "console.log('x'.repeat(1048576)); return { status: 'pass' }")),
    says: 'pass',
  },
  close: async () => {},
}))

test('is told what a program of the json protocol is told', async () => {
  const { message } = await measured("return { status: 'pass', message: JSON.stringify(told).replaceAll('\"', '') }")
  expect(message).toBe(
    '{version:1,phase:after,host:{name:web,address:web},plan:{from:/nix/store/old,to:/nix/store/new},attempt:1,with:{limit:5}}',
  )
})

test.each([
  ["throw new TypeError('no such table')", 'the module failed: TypeError: no such table'],
  ["return 'pass'", 'its answer is not valid: it is not an object'],
  ['', 'its answer is not valid: it is not an object'],
  ["return { status: 'fine' }", 'its answer is not valid: `status` is none of pass, fail, error, pending'],
  ["console.error('on fire'); process.exit(3)", "the module's process ended (3) without an answer: on fire"],
  ["process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", "the module's process was killed by SIGKILL"],
])('what goes wrong in it is an error: %s', async (body, message) => {
  expect(await measured(body)).toEqual({ result: 'error', message })
})

test('one that cannot be loaded says why', async () => {
  writeFileSync(join(directory, 'broken.mjs'), 'export default {{\n')
  const ask = (path: string) => type.measure(moduleCheckOf(path), sampleAttempt(), new AbortController().signal)
  expect((await ask('./broken.mjs')).message).toContain('the module failed: SyntaxError')
  writeFileSync(join(directory, 'empty.mjs'), 'export const check = 1\n')
  expect((await ask('./empty.mjs')).message).toBe('the module failed: Error: its default export is not a function')
})

test('may answer that it is not ready', async () => {
  expect(await measured("return { status: 'pending', message: 'starting', retryAfter: 3 }")).toEqual({
    result: 'pending',
    message: 'starting',
    retryAfterMs: 3000,
  })
})

test('a missing module is found before anything is asked', async () => {
  const signal = new AbortController().signal
  expect(await type.missing?.(moduleCheckOf('./no-such.mjs'), signal)).toMatchObject({ code: 'check/missing-module' })
  expect(await type.missing?.(moduleCheckOf(moduleOf('there', '')), signal)).toBeNull()
})
