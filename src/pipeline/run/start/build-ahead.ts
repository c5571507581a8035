import pLimit from 'p-limit'
import { tellFailure } from '../../../model/failure.ts'
import { fail } from '../../host/end.ts'
import { begin, finish } from '../../host/task.ts'
import type { Rollout } from '../rollout.ts'

/** Builds at once; Nix spreads each of them over the machine by itself. */
const buildsAtOnce = 4

/**
 * Builds what the waves after the first will need, so that a build that fails does so before anything is changed. The
 * first wave builds its own before its first activation. Hosts that build for themselves cannot be built for ahead.
 */
export async function buildAhead({ request, ports, over, stream, taskOf }: Rollout): Promise<void> {
  const limit = pLimit(buildsAtOnce)
  const hosts = request.selection.slice(1).flatMap((wave) => wave.hosts)
  await Promise.all(
    hosts.map((name) =>
      limit(async () => {
        const task = taskOf(name)
        const { planned, root } = task
        if (planned.action !== 'change' || planned.settings.buildOn === 'target') return
        if (over.aborted) return
        const { profileDrv, drv: toplevel, profile: output } = planned.to
        const drv = profileDrv ?? toplevel
        if (drv === null) return
        begin(task, 'build', { path: output, variant: 'ahead' })
        const onLine = (line: string) => task.output('build', 'stderr', line)
        const built = await ports.nix.realise({ drv, output, root, onLine }, over)
        if (over.aborted) return
        if (built.ok) return finish(task, 'build')
        const reason = tellFailure(built.failure)
        fail(task, { step: 'build', code: built.failure.code, reason, touched: false, now: null })
        stream.emit({
          type: 'run.stopped',
          code: built.failure.code,
          reason: `${name} cannot be built`,
        })
      }),
    ),
  )
}
