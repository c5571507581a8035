import type { Diff, InhibitorChange } from '../../../model/plan/plan-schema.ts'
import { parsePackageName } from '../../../model/nix/package-name.ts'
import type { BootLinks, Evaluation, Observation } from '../../../model/host/system.ts'

/**
 * A reboot is needed when what was booted is not what would be booted, by the links that system.autoUpgrade compares
 * (nixpkgs nixos/modules/tasks/auto-upgrade.nix) and the kernel's parameters; a host without a kernel is a container.
 */
export function compareBoot(observation: Observation, evaluation: Evaluation): Diff['reboot'] {
  const [before, after] = [observation.bootLinks, evaluation.bootLinks]
  if (before.kernel === null) return { needed: observation.booted === null ? false : null, because: [] }
  if (after.kernel === null) return { needed: null, because: [] }
  const because: string[] = []
  if (before.kernel !== after.kernel) because.push(kernelReason(before.kernel, after.kernel))
  // A new kernel brings new modules and a new initrd with it: one reason says it all.
  if (because.length === 0) because.push(...otherReasons(before, after))
  return { needed: because.length > 0, because }
}

/**
 * The same, told apart by what the running system would boot: where that is what the planned one would, the reboot is pending
 * already; where it differs from what was booted and the planned one does not, the change takes a pending reboot back.
 */
export function toldApart(reboot: Diff['reboot'], observation: Observation, evaluation: Evaluation): Diff['reboot'] {
  const { needed, because } = reboot
  if (needed === null) return { ...reboot, state: null }
  const links = observation.detail?.links ?? null
  if (!needed) {
    const wasPending = links?.kernel != null && !bootsTheSame(links, observation.bootLinks)
    return { ...reboot, state: wasPending ? 'cleared' : 'none' }
  }
  const isPending = links?.kernel != null && bootsTheSame(links, evaluation.bootLinks)
  return isPending
    ? { needed, because: because.map((reason) => `${reason} (pending already)`), state: 'pending' }
    : { ...reboot, state: 'needed' }
}

/** True where both lead to the same kernel, initrd, modules and parameters. */
function bootsTheSame(one: BootLinks, other: BootLinks): boolean {
  return one.kernel === other.kernel && otherReasons(one, other).length === 0
}

/** Why a host needs a reboot: its system profile holds another system than it runs, or what it runs would boot otherwise. Empty: it needs none. */
export function rebootReasons(observation: Observation): readonly string[] {
  const { system, nextBoot, bootLinks, detail } = observation
  if (nextBoot !== null && nextBoot !== system) return ['its system profile holds another system than it runs']
  if (isRebootPending(observation) !== true || detail === null) return []
  const { kernel } = bootLinks
  return kernel !== null && detail.links.kernel !== null && kernel !== detail.links.kernel
    ? [kernelReason(kernel, detail.links.kernel)]
    : otherReasons(bootLinks, detail.links)
}

/** Whether what a host runs would boot something else than it has booted; null: it does not say. A container boots nothing. */
export function isRebootPending({ booted, bootLinks, detail }: Observation): boolean | null {
  if (booted === null) return false
  if (detail === null || bootLinks.kernel === null || detail.links.kernel === null) return null
  return !bootsTheSame(bootLinks, detail.links)
}

/** The same, and `switch` refuses where an inhibitor changes: then a reboot is the only way. */
export function rebootFor(reboot: Diff['reboot'], inhibitors: readonly InhibitorChange[] | null): Diff['reboot'] {
  if (inhibitors === null || inhibitors.length === 0) return reboot
  const names = inhibitors.map(({ name }) => name)
  return {
    needed: true,
    state: 'needed',
    because: [...reboot.because, `switch inhibitor changed: ${names.join(', ')}`],
  }
}

function otherReasons(before: BootLinks, after: BootLinks): readonly string[] {
  const reasons: string[] = []
  if (before.initrd !== after.initrd) reasons.push('initrd changed')
  if (before.kernelModules !== after.kernelModules) reasons.push('kernel modules changed')
  if (before.kernelParams !== null && after.kernelParams !== null) {
    const [old, planned] = [before.kernelParams.join(' '), after.kernelParams.join(' ')]
    if (old !== planned) reasons.push(`kernel parameters changed`)
  }
  return reasons
}

function kernelReason(old: string, planned: string): string {
  const version = (path: string) => parsePackageName(/^(\/.*\/[0-9a-z]{32}-[^/]+)/.exec(path)?.[1] ?? path).version
  const [before, after] = [version(old), version(planned)]
  return before === after ? 'kernel rebuilt' : `kernel ${before} → ${after}`
}
