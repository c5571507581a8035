import { expect, test } from 'vitest'
import { type Code, codes } from '../../../src/model/codes/codes.ts'
import { codeText } from '../../../src/views/codes/text.ts'
import { expectGolden } from '../../rig/files/golden.ts'

const all = Object.keys(codes) as Code[]

test('every code is explained: what it says, what happened, and what to do last', () => {
  const pages = all.map((code) => codeText(code, codes[code], { color: false, width: 100 }))
  expectGolden('codes/every-code.txt', pages.join('\n'))
})

test('on a narrow terminal the text wraps below its beginning', () => {
  const code = 'ssh/host-key-changed'
  const text = codeText(code, codes[code], { color: false, width: 40 })
  expectGolden('codes/narrow.txt', text)
})

test('the code alone is coloured', () => {
  const plain = codeText('ssh/missing', codes['ssh/missing'], { color: false, width: 80 })
  const painted = codeText('ssh/missing', codes['ssh/missing'], { color: true, width: 80 })
  expect(painted).toBe(plain.replace('ssh/missing', '\u001B[1mssh/missing\u001B[22m'))
})

test('what happened and what to do are whole sentences, and the title is none', () => {
  const odd = all.filter((code) => {
    const { title, means, next } = codes[code]
    return !means.endsWith('.') || !/[.`]$/.test(next) || title.endsWith('.') || /\n/.test(title + means + next)
  })
  expect(odd).toEqual([])
})
