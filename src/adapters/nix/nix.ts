import { mkdir, readlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Failure } from '../../model/plan-schema.ts'
import type { Nix } from '../../ports/nix.ts'
import { nixFailure, program } from './command.ts'
import { evaluate } from './evaluate.ts'
import { lockSource } from './lock-source.ts'

/** The operator's own Nix, 2.8 or later, by its command line. */
export const localNix: Nix = {
  lock: lockSource,
  evaluate,
  async realise({ drv, output, root, onLine }, signal) {
    await mkdir(dirname(root), { recursive: true })
    // An output that is there already needs no derivation: a plan may be applied after its .drv was collected.
    const present = await program(
      'nix-store',
      ['--realise', output, '--add-root', root, '--indirect', '--option', 'substitute', 'false'],
      signal,
    )
    if (present.how === 'exited' && present.code === 0) return { ok: true, value: output }
    const ended = await program('nix-store', ['--realise', drv, '--add-root', root, '--indirect'], signal, { onLine })
    const failure = nixFailure(ended, 'build/failed', 'the build failed')
    if (failure !== null) return { ok: false, failure }
    const built = await readlink(root)
    return built === output ? { ok: true, value: output } : { ok: false, failure: otherOutput(drv, output, built) }
  },
}

function otherOutput(drv: string, planned: string, built: string): Failure {
  return {
    code: 'build/other-output',
    summary: 'the derivation does not make the planned path',
    detail: `${drv} makes ${built}, the plan says ${planned}. Plan again.`,
  }
}
