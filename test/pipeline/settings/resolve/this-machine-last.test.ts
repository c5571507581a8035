import { expect, test } from 'vitest'
import { thisMachineLast } from '../../../../src/pipeline/settings/resolve/this-machine-last.ts'
import { fleetOf } from '../../../rig/files/fleet-file.ts'

function wavesOf(body: string, hostname = 'laptop') {
  const { waves, hosts } = fleetOf(body)
  return thisMachineLast(waves, hosts, hostname).map((wave) => [wave.hosts, wave.batches])
}

const three = 'hosts: { laptop: {}, one: {}, two: {} }\n'

test('the machine that fleet runs on comes last in its wave, in a batch after the others', () => {
  expect(wavesOf(three)).toEqual([
    [
      ['one', 'two', 'laptop'],
      [2, 3],
    ],
  ])
})

test('a wave without it, or of it alone, stays as it is written', () => {
  const waves = 'waves: [{ name: a, hosts: [two, one] }, { name: b, hosts: [laptop] }]\n'
  expect(wavesOf(three + waves)).toEqual([
    [['two', 'one'], []],
    [['laptop'], []],
  ])
  expect(wavesOf(three, 'elsewhere')).toEqual([[['laptop', 'one', 'two'], []]])
  expect(wavesOf('hosts: { laptop: { local: never }, one: {} }\n')).toEqual([[['laptop', 'one'], []]])
})

test('hosts that wait for it come after it, however long the chain', () => {
  const hosts = 'hosts: { three: { dependsOn: [two] }, laptop: {}, two: { dependsOn: [laptop] }, one: {} }\n'
  expect(wavesOf(hosts)).toEqual([
    [
      ['one', 'laptop', 'three', 'two'],
      [1, 4],
    ],
  ])
})

test('its batch is added to those that are written', () => {
  const waves = 'waves: [{ name: a, hosts: ["*"], batches: [1, 100%] }]\n'
  expect(wavesOf(three + waves)).toEqual([
    [
      ['one', 'two', 'laptop'],
      [1, 2, 3],
    ],
  ])
})
