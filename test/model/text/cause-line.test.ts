import { expect, it } from 'vitest'
import { causeIn } from '../../../src/model/text/cause-line.ts'

it.each([
  [
    ['updating GRUB', 'cp: No space left on device', 'Failed to install bootloader'],
    'cp: No space left on device; Failed to install bootloader',
  ],
  [['mount: Read-only file system'], 'mount: Read-only file system'],
  [['error: first', 'Failed to start x', 'done'], 'Failed to start x'],
  [
    ["Activation script snippet 'users' failed (1)", 'Failed to run activate script'],
    "Activation script snippet 'users' failed (1); Failed to run activate script",
  ],
  [['one', 'two', ''], 'two'],
  [['', ' '], ''],
])('of %j the cause is %j', (lines, cause) => {
  expect(causeIn(lines)).toBe(cause)
})
