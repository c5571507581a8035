import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** What became of a signal to a process group; `not-allowed`: all that is left of it belongs to another user. */
export type Signalled = 'sent' | 'gone' | 'not-allowed'

/** Sends a signal to every process of a group that this user may signal. */
export function signalGroup(group: number, signal: NodeJS.Signals): Signalled {
  return signalled(group, signal)
}

/** Whether a process of the group is more than a corpse that nobody has buried yet. */
export function isGroupAlive(group: number): boolean {
  if (signalled(group, 0) === 'gone') return false
  if (!existsSync('/proc/self/stat')) return true
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false
    // The second field, the program's name, may hold blanks: count from its closing parenthesis.
    const stat = statOf(name)
    const [state, , ofGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(ofGroup) === group && state !== 'Z' && state !== 'X'
  })
}

/** kill(2): ESRCH where nothing is left of the group, EPERM where none of it may be signalled, as with what sudo runs. */
function signalled(group: number, signal: NodeJS.Signals | 0): Signalled {
  try {
    process.kill(-group, signal)
    return 'sent'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') return 'gone'
    if (code === 'EPERM') return 'not-allowed'
    throw error
  }
}

function statOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/stat`, 'utf8')
  } catch (error) {
    // It has ended while it was being looked at.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
