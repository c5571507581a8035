import { spawn } from 'node:child_process'
import type { Arguments } from './arguments.ts'
import type { Order } from './order.ts'
import { print, say } from './say.ts'

/** One ssh with one command, streams shared with us; resolves to `Some(n)` or `None`. */
function ssh(order: Order, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', [`${order.sshUser}@${order.hostname}`, ...order.sshOpts, `${order.sudo}${command}`], {
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    child.stdin.on('error', () => {})
    child.stdin.end()
    child.once('error', reject)
    child.once('exit', (code) => resolve(code === null ? 'None' : `Some(${code})`))
  })
}

const success = 'Some(0)'

/** The profile's place on the host, as the host's program is told. */
function profileOf({ profilePath, user, name }: Order): string {
  return profilePath === null ? `--profile-user ${user} --profile-name ${name}` : `--profile-path '${profilePath}'`
}

/** Activates one profile; resolves to what went wrong, or null. What it started may outlive it. */
export async function activate(order: Order, { flags }: Arguments): Promise<string | null> {
  const isDry = flags.has('--dry-activate')
  const isBoot = flags.has('--boot')
  if (!isDry) say('INFO', `Activating profile \`${order.name}\` for node \`${order.node}\``)
  const command = [
    `${order.path}/activate-rs activate '${order.path}' ${profileOf(order)} --temp-path '${order.tempPath}'`,
    `--confirm-timeout ${order.confirmTimeout}`,
    ...(order.magicRollback ? ['--magic-rollback'] : []),
    ...(order.autoRollback ? ['--auto-rollback'] : []),
    ...(isDry ? ['--dry-activate'] : []),
    ...(isBoot ? ['--boot'] : []),
  ].join(' ')
  if (order.magicRollback && !isDry && !isBoot) return withMagic(order, command)
  const code = await ssh(order, command)
  if (code !== success) return activating(code)
  say(
    'INFO',
    isDry
      ? 'Completed dry-activate!'
      : isBoot
        ? 'Success activating for next boot, done!'
        : 'Success activating, done!',
  )
  return null
}

const activating = (code: string) => `Activating over SSH resulted in a bad exit code: ${code}`

async function withMagic(order: Order, command: string): Promise<string | null> {
  const activated = ssh(order, command)
  say('INFO', 'Creating activation waiter')
  const limit = order.activationTimeout === null ? '' : ` --activation-timeout ${order.activationTimeout}`
  const waited = ssh(order, `${order.path}/activate-rs wait '${order.path}' --temp-path '${order.tempPath}'${limit}`)
  // Whoever fails first is told of; a failure after that finds nobody to tell, and panics.
  let isHeard = true
  const failed = activated.then((code) => {
    if (code === success) return null
    if (!isHeard) panic(code)
    return code
  })
  const first = await Promise.race([
    waited.then((code) => ({ who: 'wait', code }) as const),
    failed.then((code) => (code === null ? new Promise<never>(() => {}) : ({ who: 'activate', code } as const))),
  ])
  isHeard = false
  if (first.who === 'activate') return activating(first.code)
  if (first.code !== success) return `Waiting over SSH resulted in a bad exit code: ${first.code}`
  say('INFO', 'Success activating, attempting to confirm activation')
  const canary = `${order.tempPath}/deploy-rs-canary-${order.path.slice('/nix/store/'.length, order.path.indexOf('-'))}`
  const confirmed = await ssh(order, `rm ${canary}`)
  if (confirmed === success) say('INFO', 'Deployment confirmed.')
  if ((await failed) !== null) return activating('RecvError(())')
  return confirmed === success
    ? null
    : `Error confirming deployment: Confirming activation over SSH resulted in a bad exit code (the server should roll back): ${confirmed}`
}

function panic(code: string): void {
  print(
    `\nthread 'tokio-runtime-worker' (${process.pid}) panicked at src/deploy.rs:490:41:\ncalled \`Result::unwrap()\` on an \`Err\` value: SSHActivateExit(${code})\nnote: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace\n`,
  )
}

/** Takes back what another target's failure made unwanted; resolves to what went wrong, or null. */
export async function revoke(order: Order): Promise<string | null> {
  const code = await ssh(order, `${order.path}/activate-rs revoke ${profileOf(order)}`)
  return code === success ? null : `Revoking over SSH resulted in a bad exit code: ${code}`
}
