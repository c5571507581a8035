import { expect, test } from 'vitest'
import { fillIn } from '../../../src/model/fleet/placeholders.ts'

const values = { name: 'grey-area', address: '10.0.0.9', vars: { path: 'api', empty: '' } }

test.each([
  ['http://{{host.address}}:3000/{{vars.path}}', 'http://10.0.0.9:3000/api'],
  ['{{host.name}}{{host.name}}', 'grey-areagrey-area'],
  ['[{{vars.empty}}]', '[]'],
  ['{ {host.name}} ${x}', '{ {host.name}} ${x}'],
])('%s is filled in', (text, filled) => {
  expect(fillIn(text, values)).toEqual({ ok: true, text: filled })
})

test.each(['vars.other', 'vars.constructor', 'host.port', ''])('{{%s}} has no value', (word) => {
  expect(fillIn(`a {{host.name}} {{${word}}}`, values)).toEqual({ ok: false, word })
})

test('what is filled in is not looked at again', () => {
  const vars = { a: '{{vars.b}}', b: 'secret' }
  expect(fillIn('{{vars.a}}', { name: null, address: null, vars })).toEqual({ ok: true, text: '{{vars.b}}' })
})

test('an event that is about no host has no host to fill in', () => {
  expect(fillIn('{{host.name}}', { name: null, address: null, vars: {} })).toEqual({ ok: false, word: 'host.name' })
})
