import { expect, test } from 'vitest'
import { diagnostic, type Place } from '../../../src/model/diagnostic.ts'
import { diagnosticsText } from '../../../src/views/terminal/diagnostics.ts'

function place(text: string, column: number, length: number): Place {
  return { file: 'fleet.yaml', line: 12, column, length, text }
}

function show(at: Place | null, detail = 'What to do.', width = 80): string {
  return diagnosticsText([diagnostic('config/bad-value', 'Summary', detail, { place: at })], { color: false, width })
}

test('the spot is underlined below its line', () => {
  expect(show(place('    maxParalel: 2', 5, 10))).toBe(
    [
      'fleet.yaml:12:5: error: Summary [config/bad-value]',
      ' 12 │     maxParalel: 2',
      '    │     ^^^^^^^^^^',
      '      What to do.',
      '',
      '1 error',
      '',
    ].join('\n'),
  )
})

test('a diagnostic without place is a sentence and what to do', () => {
  expect(show(null)).toBe(
    'error: Summary [config/bad-value]\n  What to do.\n\n1 error\nNext: fleet explain config/bad-value\n',
  )
})

test('the host is named', () => {
  const one = diagnostic('observe/no-answer', 'No answer', 'Wake it.', { host: 'grey-area', severity: 'warning' })
  expect(diagnosticsText([one], { color: false, width: 80 })).toContain('grey-area: warning: No answer')
})

test('tabs and wide characters before and in the spot keep the underline below it', () => {
  expect(
    show(place('\tname: x', 2, 4))
      .split('\n')
      .slice(1, 3),
  ).toEqual([' 12 │     name: x', '    │     ^^^^'])
  expect(
    show(place('é日本: 語x', 6, 2))
      .split('\n')
      .slice(1, 3),
  ).toEqual([' 12 │ é日本: 語x', '    │        ^^^'])
})

test('a long line is cut around the spot', () => {
  const text = `${'a'.repeat(300)}HERE${'b'.repeat(300)}`
  const [, line = '', under = ''] = show(place(text, 301, 4)).split('\n')
  expect(line.length).toBeLessThanOrEqual(80)
  expect(line).toMatch(/^ 12 │ …a+HERE.*…$/)
  expect(under.indexOf('^^^^')).toBe(line.indexOf('HERE'))
})

test('control characters never reach the terminal', () => {
  const hostile = '\u001B]0;owned\u0007\u001B[2J\u202Ename\u0000\r'
  const one = diagnostic('config/bad-value', hostile, `${hostile} detail`, {
    place: place(`${hostile}: 1`, 1, 4),
    host: hostile,
  })
  expect(diagnosticsText([one], { color: false, width: 80 })).not.toMatch(
    // oxlint-disable-next-line no-control-regex -- finding them is the point
    /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/,
  )
})

test('errors, warnings and notes are counted, and details wrap', () => {
  const long = 'word '.repeat(40)
  const all = [
    diagnostic('config/yaml', 'One', long),
    diagnostic('config/yaml', 'Two', 'x'),
    diagnostic('config/tab', 'Three', 'x', { severity: 'warning' }),
    diagnostic('config/unquoted', 'Four', 'x', { severity: 'info' }),
  ]
  const text = diagnosticsText(all, { color: false, width: 60 })
  expect(text.trimEnd().split('\n').slice(-2)).toEqual([
    '2 errors, 1 warning, 1 note',
    'Next: fleet explain config/yaml',
  ])
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60)
})

test('nothing wrong is no text, and colour is only there when asked for', () => {
  expect(diagnosticsText([], { color: true, width: 80 })).toBe('')
  expect(diagnosticsText([diagnostic('config/yaml', 'One', 'x')], { color: true, width: 80 })).toContain('\u001B[31m')
})

test('a password in a URL is neither in the line nor in the detail, and the underline stays below its spot', () => {
  const line = 'lock: { http: "http://ops:hunter2@lock.example/x", hpt: 1 }'
  const shown = show(place(line, line.indexOf('hpt') + 1, 3), 'Not http://ops:hunter2@lock.example/x.')
  expect(shown).not.toContain('hunter2')
  const [above = '', below = ''] = shown.split('\n').slice(1, 3)
  expect(below.indexOf('^^^')).toBe(above.indexOf('hpt'))
})
