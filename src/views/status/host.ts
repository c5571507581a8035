import type { HostObservation, HostStatus, LastRun } from '../../model/host/status-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { bytes } from '../terminal/amounts.ts'
import { moment } from '../../model/text/moment.ts'
import type { Paint } from '../terminal/paint.ts'
import { hang, pad } from '../terminal/width.ts'

/** All that is known of one host, a line each. */
export function hostBlock(name: string, host: HostStatus, width: number, paint: Paint): readonly string[] {
  const facts = factsOf(host).flatMap(([title, value]) =>
    value === null || value === '' ? [] : ([[title, value]] as const),
  )
  return [
    paint('strong', name),
    ...facts.flatMap(([title, value]) => {
      const head = `  ${pad(title, 18)}`
      const [first = '', ...rest] = hang(head, cleanLine(value), width)
      return [paint('faint', head) + first.slice(head.length), ...rest]
    }),
  ]
}

function factsOf(host: HostStatus): readonly (readonly [string, string | null])[] {
  switch (host.reach) {
    case 'disabled':
      return [['disabled', host.note ?? 'in fleet.yaml']]
    case 'unreachable':
      return [
        ['unreachable', `${host.failure.summary}: ${host.failure.detail}`],
        ['note', host.note],
        ['last run', runOf(host.lastRun)],
      ]
    case 'answered': {
      const { observation: o, lastRun, wave, rebootPending, notes } = host
      const said = (path: string | null) => (path === o.system ? 'the running system' : path)
      return [
        ['wave', wave],
        ['running', o.system],
        ['specialisation', specialisationOf(o.specialisation ?? null, o.nextBoot)],
        ['profile', said(o.profile)],
        ['next boot', said(o.nextBoot)],
        ['booted', said(o.booted)],
        ['generation', o.generation === null ? null : String(o.generation)],
        ['release', o.release],
        ['revision', o.revision],
        ['kernel', o.kernelRelease],
        ['reboot', rebootPending === true ? 'pending' : null],
        ['system state', o.systemState],
        ['failed units', o.failedUnits.join(', ')],
        ['free', freeOf(o.freeBytes)],
        ['self-updating by', o.detail?.selfUpdaters.join(', ') ?? null],
        ['activation', o.activating ? 'running' : null],
        ['Nix', o.detail?.nixVersion ?? null],
        ['platform', o.platform],
        ['hostname', o.hostname],
        ['ssh key', o.hostKey],
        ['last run', runOf(lastRun)],
        ['notes', notes.map(({ summary }) => summary).join('; ')],
      ]
    }
  }
}

function specialisationOf(found: HostObservation['specialisation'], nextBoot: string | null): string | null {
  if (found === null || found === undefined) return null
  return `${found.name} of ${found.of === nextBoot ? 'the system of the next boot' : found.of}`
}

function freeOf({ nix, boot }: { readonly nix: number | null; readonly boot: number | null }): string {
  const told = (place: string, count: number | null) => (count === null ? [] : [`${bytes(count)} on ${place}`])
  return [...told('/nix', nix), ...told('/boot', boot)].join(', ')
}

function runOf(last: LastRun | null): string {
  return last === null ? 'none recorded on this machine' : `${last.run}: ${last.ending} ${moment(last.at)}`
}
