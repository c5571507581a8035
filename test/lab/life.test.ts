import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { startLab } from './lab.ts'
import { layoutOf } from './hosts/layout.ts'
import { readRecord } from './hosts/record.ts'
import { sweep } from './hosts/sweep.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

// Every process of a host sees the lab's directory in its mounts, and so does everything that runs for the lab in its arguments.
function processesOf(directory: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false
    return ['mountinfo', 'cmdline'].some((file) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(directory)
      } catch {
        // It ended while it was looked at: not one that was left behind.
        return false
      }
    })
  })
}

function mounts(): string {
  return readFileSync('/proc/self/mountinfo', 'utf8')
}

// A program that starts a lab and says where; the test kills it.
async function labOfAnotherProcess(): Promise<{ readonly directory: string; readonly kill: () => void }> {
  const program = `import { startLab } from ${JSON.stringify(`${here}lab.ts`)};
const lab = await startLab({ hosts: { alpha: { services: [] }, beta: { services: [] } } });
console.log(lab.directory);
setInterval(() => {}, 1000);`
  const child = spawn(
    process.execPath,
    ['--import', createRequire(import.meta.url).resolve('tsx'), '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const directory = await new Promise<string>((told, failed) => {
    child.stdout.once('data', (data: Buffer) => told(data.toString().trim()))
    child.once('exit', (code) => failed(new Error(`ended with ${code} before the lab was up`)))
  })
  return { directory, kill: () => child.kill('SIGKILL') }
}

describe('the end of a lab', () => {
  it('leaves no process, mount or file', async () => {
    const before = mounts()
    const lab = await startLab({ hosts: { alpha: { services: [] }, beta: { services: [] } } })
    expect(processesOf(lab.directory).length).toBeGreaterThan(4)
    expect(mounts()).toBe(before)
    await lab.stop()
    expect(processesOf(lab.directory)).toEqual([])
    expect(existsSync(lab.directory)).toBe(false)
  })

  it('comes by itself when the process that started it is killed', async () => {
    const { directory, kill } = await labOfAnotherProcess()
    expect(processesOf(directory).length).toBeGreaterThan(4)
    kill()
    await eventually('no process of the lab is left', async () => processesOf(directory).length === 0)
    expect(existsSync(directory)).toBe(false)
  })

  it('takes every process along when the supervisor is killed; the next lab removes its files', async () => {
    const { directory, kill } = await labOfAnotherProcess()
    const record = await readRecord(layoutOf(directory))
    process.kill(record?.supervisor.pid ?? 0, 'SIGKILL')
    await eventually('no process of the lab is left', async () => processesOf(directory).length === 0)
    // A lab that starts elsewhere may have swept already.
    await sweep()
    expect(existsSync(directory)).toBe(false)
    kill()
  })
})

describe('two labs', () => {
  it('are up at once with addresses of their own', async () => {
    const labs = await Promise.all([
      startLab({ hosts: { alpha: { services: [] } } }),
      startLab({ hosts: { alpha: { services: [] } } }),
    ])
    const answers = await Promise.all(labs.map((lab) => lab.ssh('alpha', 'cat /etc/machine-id')))
    expect(answers.map(({ code }) => code)).toEqual([0, 0])
    expect(answers[0]?.stdout).not.toBe(answers[1]?.stdout)
    expect(new Set(labs.map((lab) => lab.hosts[0]?.address)).size).toBe(2)
    await Promise.all(labs.map((lab) => lab.stop()))
  })
})

describe('a lab that cannot come up', () => {
  it('says why and leaves nothing', async () => {
    const directory = join(tmpdir(), `fleet-lab-failing-${process.pid}`)
    await expect(startLab({ hosts: { alpha: { services: ['no-such-service'] } }, directory })).rejects.toThrow(
      /no-such-service/,
    )
    expect(existsSync(directory)).toBe(false)
    expect(processesOf(directory)).toEqual([])
  })
})
