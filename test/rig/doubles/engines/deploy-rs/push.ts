import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import type { Arguments } from './arguments.ts'
import type { Order } from './order.ts'
import { say } from './say.ts'

interface Captured {
  readonly code: number | null
  readonly stdout: string
}

/** Runs a program whose two streams nobody sees. */
function captured(program: string, args: readonly string[]): Captured {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  return { code: status, stdout }
}

/** Runs a program that writes to our own streams; `isQuiet`: its standard output goes nowhere. */
function shown(args: readonly string[], isQuiet: boolean, environment: NodeJS.ProcessEnv = {}): number | null {
  const stdio = ['inherit', isQuiet ? 'ignore' : 'inherit', 'inherit'] as const
  return spawnSync('nix', args, { stdio: [...stdio], env: { ...process.env, ...environment } }).status
}

/** Why something failed, as the version of 2026 would say it. */
export type Reason = string | null

/** Builds one profile; null where it worked. */
export function build(order: Order, { extra }: Arguments): Reason {
  const shownDerivation = captured('nix', ['show-derivation', order.path])
  if (shownDerivation.code !== 0)
    return `Nix show-derivation command resulted in a bad exit code: Some(${shownDerivation.code})`
  const [key = ''] = Object.keys(JSON.parse(shownDerivation.stdout) as Record<string, unknown>)
  const deriver = key.startsWith('/nix/store/') ? key : `/nix/store/${key}`
  const known = captured('nix', ['--experimental-features', 'nix-command', 'path-info', deriver])
  const what = known.stdout.trim() === deriver ? `${deriver}^out` : deriver
  return order.remoteBuild ? buildThere(order, what, extra) : buildHere(order, what, extra)
}

function buildHere(order: Order, what: string, extra: readonly string[]): Reason {
  say('INFO', `Building profile \`${order.name}\` for node \`${order.node}\``)
  const code = shown(['build', what, '--no-link', ...extra], true)
  if (code !== 0) return `Nix build command resulted in a bad exit code: Some(${code})`
  for (const script of ['deploy-rs-activate', 'activate-rs'])
    if (!existsSync(`${process.env['FLEET_DOUBLE_ROOT'] ?? ''}${order.path}/${script}`))
      return `Activation script ${script} does not exist in profile.`
  const key = process.env['LOCAL_KEY']
  if (key === undefined) return null
  say('INFO', `Signing key present! Signing profile \`${order.name}\` for node \`${order.node}\``)
  const signed = shown(['sign-paths', '-r', '-k', key, order.path], false)
  return signed === 0 ? null : `Nix sign command resulted in a bad exit code: Some(${signed})`
}

function buildThere(order: Order, what: string, extra: readonly string[]): Reason {
  say('INFO', `Building profile \`${order.name}\` for node \`${order.node}\` on remote host`)
  const store = `ssh-ng://${order.sshUser}@${order.hostname}`
  const environment = { NIX_SSHOPTS: order.sshOpts.join(' ') }
  const features = ['--experimental-features', 'nix-command']
  const copied = shown([...features, 'copy', '-s', '--to', store, '--derivation', what], true, environment)
  if (copied !== 0) return `Nix copy command resulted in a bad exit code: Some(${copied})`
  const built = shown(
    [...features, 'build', what, '--eval-store', 'auto', '--store', store, ...extra],
    true,
    environment,
  )
  return built === 0 ? null : `Nix build command resulted in a bad exit code: Some(${built})`
}

/** Copies one profile; null where it worked. */
export function push(order: Order, { flags }: Arguments): Reason {
  if (order.remoteBuild) return null
  say('INFO', `Copying profile \`${order.name}\` to node \`${order.node}\``)
  const code = shown(
    [
      'copy',
      ...(order.fast ? [] : ['--substitute-on-destination']),
      ...(flags.has('--checksigs') ? [] : ['--no-check-sigs']),
      '--to',
      `ssh://${order.sshUser}@${order.hostname}`,
      order.path,
    ],
    false,
    // Set even where there is nothing to say: what the operator had is lost.
    { NIX_SSHOPTS: order.sshOpts.join(' ') },
  )
  return code === 0 ? null : `Nix copy command resulted in a bad exit code: Some(${code})`
}
