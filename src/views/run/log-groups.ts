import type { LogReader } from '../terminal/log-commands.ts'

/** Lines that fold what stands between them. */
export interface LogGroups {
  /** Before the first line of a group; `at` in milliseconds since the epoch. */
  open(name: string, at: number): string
  /** After its last line; empty where no group is open. */
  close(at: number): string
  /** What a failure looks like where the system collects them; empty where it does not. */
  failure(title: string, message: string): string
}

/**
 * Groups as the log of a CI system folds them. GitHub: workflow commands `::group::`, `::endgroup::` and `::error::`, whose values
 * take `%`, CR and LF (in a property also `:` and `,`) as escapes (actions/toolkit packages/core/src/command.ts). GitLab: section
 * markers with a time in seconds and a name of letters, digits, `_`, `.` and `-` (docs/ci/jobs/job_logs).
 */
export function logGroups(reader: LogReader | null): LogGroups {
  switch (reader) {
    case 'actions':
      return github()
    case 'gitlab':
      return gitlab()
    case null:
      return { open: () => '', close: () => '', failure: () => '' }
  }
}

function github(): LogGroups {
  let isOpen = false
  return {
    open(name) {
      isOpen = true
      return `::group::${escaped(name)}\n`
    },
    close() {
      const text = isOpen ? '::endgroup::\n' : ''
      isOpen = false
      return text
    },
    failure: (title, message) => `::error title=${escaped(title, true)}::${escaped(message)}\n`,
  }
}

function gitlab(): LogGroups {
  let section: string | null = null
  let count = 0
  const marker = (kind: 'start' | 'end', at: number) =>
    `\u001B[0Ksection_${kind}:${Math.floor(at / 1000)}:${section ?? ''}\r\u001B[0K`
  return {
    open(name, at) {
      count += 1
      // Two names may be the same but for their odd letters.
      section = `fleet_${count}_${name.replaceAll(/[^\w.-]/g, '_')}`
      return `${marker('start', at)}${name}\n`
    },
    close(at) {
      const text = section === null ? '' : `${marker('end', at)}\n`
      section = null
      return text
    },
    failure: () => '',
  }
}

function escaped(text: string, isProperty = false): string {
  const value = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return isProperty ? value.replaceAll(':', '%3A').replaceAll(',', '%2C') : value
}
