// Loaded into the built fleet with `--import`, behind tsx: measures how long its event loop stands still. Writes, when the process ends, each
// turn of more than 20 ms to the file that FLEET_TEST_LOOP names, one a line: when it ended (Unix time in ms), processor time of the
// main thread in ms, and wall-clock time in ms.
//
// The processor time of a thread is what the kernel keeps for it (proc(5), /proc/PID/task/TID/schedstat, nanoseconds): a turn that
// waits because other programs have the processor costs nothing, so that a busy machine changes no result.
import { openSync, readSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const told = process.env['FLEET_TEST_LOOP']
if (told !== undefined && isMainThread) measure(told)

function measure(file: string): void {
  const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
  const buffer = Buffer.alloc(128)
  const spent = () => Number(buffer.toString('latin1', 0, readSync(schedstat, buffer, 0, 128, 0)).split(' ')[0]) / 1e6
  const turns: string[] = []
  let [cpu, wall] = [spent(), performance.now()]
  setInterval(() => {
    const [cpuNow, wallNow] = [spent(), performance.now()]
    if (cpuNow - cpu > 20) turns.push(`${Date.now()} ${(cpuNow - cpu).toFixed(1)} ${(wallNow - wall).toFixed(1)}\n`)
    ;[cpu, wall] = [cpuNow, wallNow]
  }, 5).unref()
  process.on('exit', () => {
    writeFileSync(file, turns.join(''))
  })
}
