import type { HostStep } from '../../model/run/event-schema.ts'

/** What a host does in each step, after its name. */
export const doing: Readonly<Record<HostStep['step'], string>> = {
  lock: 'taking the host lock',
  preflight: 'preflight',
  build: 'building',
  copy: 'copying',
  activate: 'activating',
  confirm: 'confirming',
  verify: 'verifying',
  reboot: 'rebooting',
  check: 'running its checks',
  'roll-back': 'rolling back',
}
