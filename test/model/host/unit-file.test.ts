import { describe, expect, it } from 'vitest'
import { compareUnits, parseUnit, unitFlag } from '../../../src/model/host/unit-file.ts'

const unit = (...texts: readonly string[]) => parseUnit(texts)

describe('a unit file', () => {
  it('collects the values of a key, forgets those before an empty one, and knows no [Install]', () => {
    const parsed = unit(
      '[Service]\nExecStart=a\n; said\n# said\nExecStart = b\n[Install]\nWantedBy=x\n',
      '[Service]\nExecStart=\nExecStart=c\n',
    )
    expect([...parsed.keys()]).toEqual(['Service'])
    expect(parsed.get('Service')?.get('ExecStart')).toEqual(['c'])
  })

  it('has flags whose last value counts', () => {
    const parsed = unit('[Service]\nA=no\nA=yes\nB=off\n')
    expect(['A', 'B', 'C'].map((key) => unitFlag(parsed, 'Service', key, true))).toEqual([true, false, true])
  })
})

describe('two versions of a unit', () => {
  // Each line is a branch of compare_units in switch-to-configuration-ng's main.rs.
  it.each([
    ['[Unit]\nDescription=a', '[Unit]\nDescription=b', 'equal'],
    ['[Unit]\nDescription=a', '', 'equal'],
    ['[Unit]\nAfter=a', '', 'restart'],
    ['[Unit]\nAfter=a', '[Unit]\nAfter=b', 'restart'],
    ['[Unit]\nX-Reload-Triggers=a', '[Unit]\nX-Reload-Triggers=b', 'reload'],
    ['[Unit]', '[Unit]\nX-Reload-Triggers=b', 'reload'],
    ['[Unit]\nX-Reload-Triggers=a', '[Unit]', 'equal'],
    ['[Unit]\nX-Restart-Triggers=a', '[Unit]\nX-Restart-Triggers=b', 'restart'],
    ['[Service]\nExecReload=a\nType=x', '[Service]\nExecReload=b\nType=x', 'reload'],
    ['[Service]\nExecReload=a\nType=x', '[Service]\nType=x', 'equal'],
    ['[Service]\nType=x', '[Service]\nExecReload=b\nType=x', 'reload'],
    ['[Service]\nExecReload=a\nType=x', '[Service]\nExecReload=b\nType=y', 'restart'],
    ['[Mount]\nOptions=a\nWhat=x', '[Mount]\nOptions=b\nWhat=x', 'reload'],
    ['[Mount]\nWhat=x', '[Mount]\nOptions=b\nWhat=x', 'restart'],
    ['[Mount]\nWhat=x', '[Mount]\nWhat=y', 'restart'],
    ['[Service]\nType=x', '[Service]\nType=x\n[Unit]\nDescription=b', 'equal'],
    ['[Service]\nType=x', '[Service]\nType=x\n[Timer]\nOnCalendar=daily', 'restart'],
    ['[Service]\nEnvironment=A\nEnvironment=B', '[Service]\nEnvironment=B\nEnvironment=A', 'restart'],
    ['[Service]\nType=x\n[Install]\nWantedBy=a', '[Service]\nType=x\n[Install]\nWantedBy=b', 'equal'],
  ])('%j → %j: %s', (before, after, expected) => {
    expect(compareUnits(unit(before), unit(after))).toBe(expected)
  })
})
