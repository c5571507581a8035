import { expect, test } from 'vitest'
import { tooFewFiles } from '../../../../src/pipeline/run/start/open-files.ts'
import { changed, samplePlan, unchanged } from '../../../rig/samples/plan.ts'

const names = Array.from({ length: 400 }, (_, index) => `h${index}`)
const { body } = samplePlan(Object.fromEntries(names.map((name) => [name, changed(name)])))
const waves = [
  { name: 'canary', hosts: names.slice(0, 5) },
  { name: 'rest', hosts: names.slice(5) },
]

test('a wave whose locks take more files than may be open is refused before anything, with what to type', () => {
  expect(tooFewFiles(body, waves, 1024).map(({ code, detail }) => [code, detail])).toEqual([
    [
      'apply/open-files',
      'Wave rest changes 395 hosts, and the lock of each is a connection that stays open: that takes 1385 open files, and fleet may have 1024. Raise the limit (`ulimit -n 1385`), divide the wave, or select fewer hosts with --on.',
    ],
  ])
})

test('a limit that suffices, none, and hosts that are up to date forbid nothing', () => {
  const done = samplePlan(Object.fromEntries(names.map((name) => [name, unchanged(name)])))
  expect([
    tooFewFiles(body, waves, 1385),
    tooFewFiles(body, waves, null),
    tooFewFiles(done.body, waves, 256),
    tooFewFiles(body, waves.slice(0, 1), 256),
  ]).toEqual([[], [], [], []])
})
