import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { procMemory } from '../../src/adapters/memory.ts'
import type { MemoryReading } from '../../src/ports/memory.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleet-memory-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}

const meminfo = 'MemTotal:       8000 kB\nMemFree:        1000 kB\nMemAvailable:   4000 kB\n'
const kilobytes = (count: number) => count * 1024

test('a machine without /proc tells nothing', async () => {
  expect(await procMemory(root).available()).toBeNull()
})

test('without a limit on the cgroup, what the machine has is free', async () => {
  write({ 'proc/meminfo': meminfo, 'proc/self/cgroup': '0::/\n' })
  expect(await procMemory(root).available()).toBe(kilobytes(4000))
})

test('the tightest limit above counts, and idle file pages count as free', async () => {
  write({
    'proc/meminfo': meminfo,
    'proc/self/cgroup': '0::/runner/job\n',
    'sys/fs/cgroup/runner/job/memory.max': 'max\n',
    'sys/fs/cgroup/runner/job/memory.current': `${kilobytes(10)}\n`,
    'sys/fs/cgroup/runner/memory.max': `${kilobytes(3000)}\n`,
    'sys/fs/cgroup/runner/memory.current': `${kilobytes(2500)}\n`,
    'sys/fs/cgroup/runner/memory.stat': `anon 1\ninactive_file ${kilobytes(400)}\n`,
  })
  expect(await procMemory(root).available()).toBe(kilobytes(900))
})

test('version 1 of cgroups limits as well', async () => {
  write({
    'proc/meminfo': meminfo,
    'proc/self/cgroup': '5:cpuset:/\n4:memory:/box\n',
    'sys/fs/cgroup/memory/box/memory.limit_in_bytes': `${kilobytes(1000)}\n`,
    'sys/fs/cgroup/memory/box/memory.usage_in_bytes': `${kilobytes(1500)}\n`,
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    'sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n',
  })
  expect(await procMemory(root).available()).toBe(0)
})

test('a process counts with all that it started', async () => {
  const stat = (pid: number) => `${pid} (a b) c) S 1 1 1 0 -1 0 0 0 0 0 25 50 0 0 20 0 1 0 1 1 1\n`
  const status = (resident: number, peak: number) => `Name:\tnix\nVmHWM:\t${peak} kB\nVmRSS:\t  ${resident} kB\n`
  write({
    'proc/meminfo': meminfo,
    'proc/7/status': status(100, 300),
    'proc/7/stat': stat(7),
    'proc/7/task/7/children': '9 11',
    'proc/9/status': status(50, 60),
    'proc/9/stat': stat(9),
  })
  expect(await reading([7, 8], root)).toEqual({
    available: kilobytes(4000),
    used: new Map([[7, { resident: kilobytes(150), peak: kilobytes(360), cpuMs: 1500 }]]),
  })
})

test('a real process group is measured and ended', async () => {
  const child: ChildProcess = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  const pid = child.pid ?? 0
  const ended = once(child, 'exit')
  const { available, used } = await reading([pid], '/')
  expect(available).toBeGreaterThan(0)
  expect(used.get(pid)?.resident).toBeGreaterThan(0)
  procMemory().kill(pid)
  expect(await ended).toEqual([null, 'SIGKILL'])
  procMemory().kill(pid)
})

/** The first reading of a watch. */
function reading(processes: readonly number[], at: string): Promise<MemoryReading> {
  return new Promise((resolve) => {
    const stop = procMemory(at).watch(
      () => processes,
      (found) => {
        stop()
        resolve(found)
      },
    )
  })
}
