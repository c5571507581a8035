import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/setup.sh', import.meta.url))

function setUp(
  args: readonly string[],
  path = process.env['PATH'],
): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  })
  return { status, said: stdout + stderr }
}

it('says nothing where nothing is missing', () => {
  expect(setUp(['--lab', '--check'])).toEqual({ status: 0, said: '' })
})

it('names what is missing and the command that installs it where it may not install', () => {
  const programs = mkdtempSync(join(tmpdir(), 'fleet-setup-'))
  try {
    symlinkSync(process.execPath, join(programs, 'node'))
    for (const program of [
      'dirname',
      'tr',
      'sort',
      'ldd',
      'apt-get',
      'id',
      'ssh',
      'sudo',
      'unshare',
      'setpriv',
      'mount',
      'hostname',
      'curl',
    ]) {
      symlinkSync(`/usr/bin/${program}`, join(programs, program))
    }
    expect(setUp(['--lab', '--check'], programs)).toEqual({
      status: 1,
      said: 'setup: Debian packages are missing. As root: apt-get install --no-install-recommends git mmdebstrap nix-bin nix-setup-systemd\n',
    })
  } finally {
    rmSync(programs, { recursive: true })
  }
})

it('refuses an option it does not know', () => {
  expect(setUp(['--lob'])).toEqual({ status: 64, said: "setup: unknown option '--lob'; known are --lab and --check\n" })
})
