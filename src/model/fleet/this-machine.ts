import type { HostSettings } from '../plan/plan-schema.ts'

/**
 * True for the host that is the machine fleet runs on: `local: auto`, and the machine has the name that the host must have.
 * A host whose name is not asked for (`expectHostname: false`) is never taken for this machine.
 */
export function isThisMachine(
  { local, expectHostname }: Partial<Pick<HostSettings, 'local' | 'expectHostname'>>,
  hostname: string,
): boolean {
  return local === 'auto' && expectHostname === hostname
}
