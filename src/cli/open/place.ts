import { hostname, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Common } from '../arguments/command.ts'

/** Directory that holds the fleet.yaml. */
export function directoryOf({ file }: Pick<Common, 'file'>): string {
  return dirname(resolve(file))
}

/** The directory in which fleet keeps runs and caches. */
export function stateDirectoryOf(flags: Common, environment: NodeJS.ProcessEnv): string {
  return flags.stateDirectory ?? environment['FLEET_STATE_DIR'] ?? join(directoryOf(flags), '.fleet')
}

/** Who is at work: user@machine. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`
}
