import { expect, test } from 'vitest'
import { notStarted } from '../../../src/adapters/locks/not-started.ts'

const ended = (code: number, stderr: string) => notStarted({ how: 'answered', code, stdout: '', stderr })

test('a program of `sudo` that is not on the host is named, with the key that asks for it', () => {
  expect(ended(127, '/bin/sh: 1: exec: doas: not found\n')).toEqual({
    code: 'lock/failed',
    summary: 'the lock could not be taken',
    detail: 'doas is not on the host, and `sudo` in fleet.yaml names it.',
  })
})

test('a sudo that asks for a password, and a program that ended for another reason, are told apart', () => {
  expect(ended(1, 'sudo: a password is required\n')).toMatchObject({ code: 'lock/sudo' })
  expect(ended(2, 'flock: bad file\n')).toMatchObject({
    code: 'lock/failed',
    detail: 'The program that holds it ended (2): flock: bad file.',
  })
})
