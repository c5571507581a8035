import { realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { run } from '../../process.ts'
import { program } from '../../nix/command.ts'
import { unfitPair } from './pairing.ts'

/** Milliseconds that a program may take to say what it is. */
const askTime = 20_000

/** Why deploy-rs cannot be used on this machine, or null. */
export async function programsProblem(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Failure | null> {
  const [help, nix] = await Promise.all([
    run({ program: 'deploy', args: ['--help'], timeoutMs: askTime }, signal),
    program('nix', ['--version'], signal),
  ])
  if (help.how === 'aborted')
    return { code: 'deploy-rs/aborted', summary: 'interrupted', detail: 'Its options were being read.' }
  if (help.how === 'not-started')
    return {
      code: 'deploy-rs/missing',
      summary: 'deploy could not be started',
      detail: `${cleanLine(help.reason)}. Put deploy-rs on PATH (nix shell github:serokell/deploy-rs), or set engine: nix, which needs nothing more.`,
    }
  if (help.how !== 'exited' || help.code !== 0 || !/--magic-rollback\b/.test(help.stdout))
    return {
      code: 'deploy-rs/other-program',
      summary: 'the program deploy is not deploy-rs',
      detail: `deploy --help says nothing of --magic-rollback. It is ${(await whereIs(environment)) || 'not found'}.`,
    }
  return unfitPair({ help: help.stdout, path: await whereIs(environment), nix: nix.stdout })
}

async function whereIs({ PATH = '' }: NodeJS.ProcessEnv): Promise<string> {
  for (const directory of PATH.split(delimiter)) {
    const found = await realpath(join(directory || '.', 'deploy')).catch((error: NodeJS.ErrnoException) => error)
    if (typeof found === 'string') return found
    if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes(found.code ?? '')) throw found
  }
  return ''
}
