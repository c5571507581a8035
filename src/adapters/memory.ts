import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Memory, MemoryReading, MemoryUse } from '../ports/memory.ts'
import { signalGroup } from './process-group.ts'

const everyMs = 200
/** Ticks of /proc/PID/stat in a second: the same on every Linux (man 5 proc, USER_HZ). */
const ticksPerSecond = 100

/** Linux's own figures, below `root`; where there is no /proc, nothing is known. */
export function procMemory(root = '/'): Memory {
  return {
    available: () => availableBytes(root),
    watch(processes, onReading) {
      let isReading = false
      const read = async () => {
        // A machine that is too busy to answer in time is asked less often.
        if (isReading) return
        isReading = true
        const groups = processes()
        const [available, uses] = await Promise.all([
          availableBytes(root),
          Promise.all(groups.map((group) => useOf(root, group))),
        ])
        isReading = false
        onReading({ available, used: usedOf(groups, uses) })
      }
      const timer = setInterval(() => void read(), everyMs)
      return () => clearInterval(timer)
    },
    kill(group) {
      signalGroup(group, 'SIGKILL')
    },
  }
}

function usedOf(groups: readonly number[], uses: readonly (MemoryUse | null)[]): MemoryReading['used'] {
  return new Map(
    groups.flatMap((group, index) => {
      const use = uses[index] ?? null
      return use === null ? [] : [[group, use] as const]
    }),
  )
}

/** MemAvailable, or what the cgroup and those above it leave, whichever is less. */
async function availableBytes(root: string): Promise<number | null> {
  const memory = kilobytes(await textOf(join(root, 'proc/meminfo')), 'MemAvailable')
  if (memory === null) return null
  return Math.min(memory, ...(await cgroupLeft(root)))
}

/**
 * Bytes left below each limit on fleet's cgroup and its parents, version 2 and 1 alike. File pages that nobody uses count
 * as free: the kernel takes them back before it ends a program (Linux Documentation/admin-guide/cgroup-v2.rst, memory.stat).
 */
async function cgroupLeft(root: string): Promise<readonly number[]> {
  const own = await textOf(join(root, 'proc/self/cgroup'))
  const found: Promise<number | null>[] = []
  for (const line of own.split('\n')) {
    const [, controllers, path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (controllers === '') found.push(...upwards(path).map((at) => leftIn(join(root, 'sys/fs/cgroup', at), version2)))
    if (controllers?.split(',').includes('memory') === true)
      found.push(...upwards(path).map((at) => leftIn(join(root, 'sys/fs/cgroup/memory', at), version1)))
  }
  return (await Promise.all(found)).filter((left) => left !== null)
}

const version2 = { limit: 'memory.max', current: 'memory.current', idle: /^inactive_file (\d+)$/m }
const version1 = {
  limit: 'memory.limit_in_bytes',
  current: 'memory.usage_in_bytes',
  idle: /^total_inactive_file (\d+)$/m,
}

async function leftIn(directory: string, files: typeof version2): Promise<number | null> {
  const [limit, current, statistics] = await Promise.all([
    textOf(join(directory, files.limit)),
    textOf(join(directory, files.current)),
    textOf(join(directory, 'memory.stat')),
  ])
  // `max`, or no such file at the root: no limit.
  if (!/^\d+\n?$/.test(limit) || !/^\d+\n?$/.test(current)) return null
  return Math.max(0, Number(limit) - Number(current) + Number(files.idle.exec(statistics)?.[1] ?? 0))
}

/** A path and all above it. */
function upwards(path: string): readonly string[] {
  const steps = path.split('/').filter((step) => step !== '')
  return [...steps.keys()].map((index) => steps.slice(0, index + 1).join('/')).concat('')
}

/** A process and all that it started, since those are in its group. */
async function useOf(root: string, pid: number): Promise<MemoryUse | null> {
  const directory = join(root, 'proc', String(pid))
  const [status, stat, children] = await Promise.all([
    textOf(join(directory, 'status')),
    textOf(join(directory, 'stat')),
    childrenOf(directory),
  ])
  const resident = kilobytes(status, 'VmRSS')
  if (resident === null) return null
  const peak = kilobytes(status, 'VmHWM') ?? resident
  const uses = await Promise.all(children.map((child) => useOf(root, child)))
  return uses.reduce<MemoryUse>(
    (sum, use) => ({
      resident: sum.resident + (use?.resident ?? 0),
      peak: sum.peak + (use?.peak ?? 0),
      cpuMs: sum.cpuMs + (use?.cpuMs ?? 0),
    }),
    { resident, peak, cpuMs: cpuMsOf(stat) },
  )
}

async function childrenOf(directory: string): Promise<readonly number[]> {
  const threads = await readdir(join(directory, 'task')).catch(nothingWhenGone<string[]>([]))
  const lists = await Promise.all(threads.map((thread) => textOf(join(directory, 'task', thread, 'children'))))
  return lists
    .join(' ')
    .split(/\s+/)
    .filter((pid) => pid !== '')
    .map(Number)
}

/** Time in user and kernel mode; the program's name stands before in parentheses and may hold anything. */
function cpuMsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / ticksPerSecond
}

function kilobytes(text: string, field: string): number | null {
  const value = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]
  return value === undefined ? null : Number(value) * 1024
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(nothingWhenGone(''))
}

/** A process may end, and a system lack a file; neither is wrong. */
function nothingWhenGone<T>(nothing: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ESRCH', 'ENOTDIR', 'EACCES', 'ENODEV'].includes(error.code ?? '')) return nothing
    throw error
  }
}
