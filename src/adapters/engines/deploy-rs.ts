import { mkdir, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Found } from '../../model/host/system.ts'
import type { DeployRsNode, Failure } from '../../model/plan/plan-schema.ts'
import { sshOptions } from '../../model/fleet/node-ssh-options.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Engine, EngineAnswer, EngineTask } from '../../ports/engine.ts'
import type { Remote, Transport } from '../../ports/remote.ts'
import { makeScratch, unwritable } from '../files/scratch.ts'
import { run } from '../process.ts'
import { deployRsSshConfig } from '../ssh/config.ts'
import { converged, isThere, refusedAnswer } from './activation-answer.ts'
import { copyClosure } from './copy-closure.ts'
import { answerOf } from './deploy-rs/answer.ts'
import { deployArguments, deployEnvironment, type DeployRsAction, seconds } from './deploy-rs/arguments.ts'
import { nodeFlake } from './deploy-rs/flake.ts'
import { canaryOf, prepareScript } from './deploy-rs/prepare-script.ts'
import { programsProblem } from './deploy-rs/programs.ts'
import { mayTryAgain } from './deploy-rs/retry.ts'
import { type DeployEnd, runDeploy } from './deploy-rs/run-deploy.ts'
import { hostProgram } from './host-program.ts'

/** Milliseconds that `deploy` may take to read its order, and to say nothing while it copies. */
const evaluationTime = 60_000
const silence = 15 * 60_000
/** Milliseconds that are waited beyond an activation, a rollback and the confirmation. */
export const activationMargin = 60_000
/** Milliseconds that the host may take to say that it is ready, and `ssh -G` to say what it would do. */
const askTime = 30_000
/** Milliseconds before the next try, times the tries so far. */
const pause = 2_000

/**
 * deploy-rs: one `deploy` process for each host, on a generated flake whose only node has the plan's literal store path.
 * The rollback that fleet orders is by path and by fleet's own program; deploy-rs knows "the generation before" only.
 */
export function deployRsEngine(remote: Remote, clock: Clock, margin: number): Engine {
  const world = { remote, clock, margin }
  const program = hostProgram(remote, clock)
  let problem: Promise<Failure | null> | null = null
  return {
    unusable: (signal) => (problem ??= programsProblem(process.env, signal)),
    copy: (task, signal) => copyClosure(withProfile(task), remote, signal),
    rollBack: (task, signal) => program.rollBack(task, signal),
    async activate(task, signal) {
      if (isThere(task)) return converged
      const node = await nodeOf(task, remote)
      // What a host has had before needs no derivation and no deploy-rs; and the machine itself no ssh.
      if (node === 'own program') return program.activate(task, signal)
      if ('how' in node) return node
      return deploy({ task, ...node, action: task.settings.mode === 'boot' ? 'boot' : 'switch' }, world, signal)
    },
    async dryActivate(task, signal) {
      const node = await nodeOf(task, remote)
      if (node === 'own program') return program.dryActivate(task, signal)
      if ('how' in node) return node
      const end = await deployOnce({ task, ...node, action: 'dry-activate' }, world, signal)
      if ('how' in end) return end
      const answer = answerOf(end, 0, false, [])
      // With --dry-activate nothing changes, whatever went wrong.
      return answer.how === 'done' ? answer : { how: 'refused', failure: answer.failure }
    },
  }
}

/** What is built and copied is the profile, of which the toplevel is a part. */
function withProfile(task: EngineTask): EngineTask {
  const { profileDrv } = task.to
  return profileDrv === null ? task : { ...task, to: { ...task.to, drv: profileDrv } }
}

interface World {
  readonly remote: Remote
  readonly clock: Clock
  readonly margin: number
}

/** The node that deploy-rs is to deploy, and how it is reached. */
interface ReachedNode {
  readonly node: DeployRsNode
  readonly transport: Transport
}

/** One `deploy` of one host. */
interface Deployment extends ReachedNode {
  readonly task: EngineTask
  readonly action: DeployRsAction
}

async function nodeOf(task: EngineTask, remote: Remote): Promise<ReachedNode | EngineAnswer | 'own program'> {
  const { to, settings } = task
  const node = to.deployRs ?? null
  if (node === null && to.drv === null) return 'own program'
  const { address } = settings
  const way = await remote.transport(task)
  if (!way.ok) return { how: 'refused', failure: way.failure }
  const transport = way.value
  if (transport.local === true) return 'own program'
  if (node === null)
    return refusedAnswer(
      'deploy-rs/not-planned',
      'the plan holds no profile for deploy-rs',
      'Plan again, or set engine: nix.',
    )
  if (settings.mode === 'test')
    return refusedAnswer(
      'deploy-rs/mode',
      'deploy-rs cannot activate without setting the profile',
      'mode: test works with engine: nix.',
    )
  if (!transport.address.includes(':')) return { node, transport }
  // An IPv6 address is no host of a store URL: a name for it is.
  const ssh = { ...settings.ssh, options: { HostName: transport.address, ...settings.ssh.options } }
  const alias = `${task.name}.ipv6`
  const named = { name: alias, settings: { ...settings, address: [alias, ...address.slice(1)] as typeof address, ssh } }
  const renamed = await remote.transport(named)
  return renamed.ok
    ? { node, transport: { ...renamed.value, address: alias } }
    : { how: 'refused', failure: renamed.failure }
}

async function deploy(deployment: Deployment, world: World, signal: AbortSignal): Promise<EngineAnswer> {
  const { remote, clock } = world
  const { task, action } = deployment
  const { activation } = task.settings
  let before: EngineAnswer | null = null
  for (let tries = 1; ; tries += 1) {
    const obstacle = await prepare(deployment, remote, signal)
    // A host that is no longer where it was has been changed by the try before.
    if (obstacle !== null) return before?.how === 'lost' ? before : obstacle
    const end = await deployOnce(deployment, world, signal)
    if ('how' in end) return before?.how === 'lost' ? before : end
    const answer = answerOf(
      end,
      seconds(activation.confirmTimeoutMs),
      activation.magicRollback && action === 'switch',
      task.failedBefore ?? [],
    )
    if (!mayTryAgain(end, tries) || signal.aborted) return answer
    before = answer
    task.onLine('stderr', `fleet: ${cleanLine(end.verdict.detail)}; trying again`)
    await clock.sleep(tries * pause, signal)
  }
}

/** Makes sure that the host is where the plan left it and at rest, and takes away what an earlier try left there. */
async function prepare({ task, node }: Deployment, remote: Remote, signal: AbortSignal): Promise<EngineAnswer | null> {
  const { connectTimeoutMs } = task.settings.ssh
  const args = [task.from.profile ?? 'none', task.from.system, canaryOf(node.tempPath, task.to.profile)]
  const timeoutMs = connectTimeoutMs + askTime
  const request = { script: prepareScript, args, asRoot: true, timeoutMs, connection: 'shared' } as const
  const answer = await remote.run(task, request, signal)
  if (answer.how === 'no-answer') return { how: 'refused', failure: answer.failure }
  const said = cleanLine(answer.stderr.trim())
  switch (answer.code) {
    case 0:
      return null
    case 75:
      return refusedAnswer('activate/locked', 'another activation is running on the host', said)
    case 76:
      return refusedAnswer('activate/stale', 'the host changed since the plan', said)
    default:
      return refusedAnswer('deploy-rs/not-ready', 'the host could not be made ready', said)
  }
}

async function deployOnce(
  { task, node, transport, action }: Deployment,
  { clock, margin }: World,
  signal: AbortSignal,
): Promise<DeployEnd | EngineAnswer> {
  const { timeoutMs, confirmTimeoutMs } = task.settings.activation
  const place = await placeFor(task)
  if (!place.ok) return { how: 'refused', failure: place.failure }
  const directory = place.value
  try {
    const files = await writeFiles(task, { node, transport }, directory).catch(unwritable)
    if ('code' in files) return { how: 'refused', failure: files }
    const activation = 2 * timeoutMs + confirmTimeoutMs + margin
    return await runDeploy(
      {
        args: deployArguments(task.settings, node.node, action, files),
        env: deployEnvironment(process.env),
        log: join(task.directory, 'deploy-rs.log'),
        path: task.to.profile,
        limits: { evaluation: evaluationTime, silence, activation },
        clock,
        onLine: (raw) => task.onLine('stderr', maskCredentials(cleanLine(raw))),
      },
      signal,
    )
  } finally {
    if (directory !== ownPlace(task)) await rm(directory, { recursive: true, force: true })
  }
}

/** Where its files go: beside the run's, or elsewhere where that path has what deploy-rs splits at, a blank or `#`. */
async function placeFor(task: EngineTask): Promise<Found<string>> {
  try {
    await mkdir(task.directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    return { ok: false, failure: unwritable(error) }
  }
  return /^[\w/.+-]+$/.test(task.directory) ? { ok: true, value: ownPlace(task) } : makeScratch('fleet-deploy-rs-')
}

function ownPlace({ directory }: EngineTask): string {
  return join(directory, 'deploy-rs')
}

async function writeFiles({ settings, to }: EngineTask, { node, transport }: ReachedNode, directory: string) {
  const flake = join(directory, 'flake')
  const sshConfig = join(directory, 'ssh_config')
  await mkdir(flake, { recursive: true, mode: 0o700 })
  const options = sshOptions(node.sshOpts).lines
  await writeFile(sshConfig, deployRsSshConfig(settings, transport.config, options), { mode: 0o600 })
  const { address } = transport
  const sshUser = settings.ssh.user ?? (await loginOf(address, sshConfig)) ?? userInfo().username
  const order = { node: node.node, address, sshUser, path: to.profile, settings, planned: node }
  await writeFile(join(flake, 'flake.nix'), nodeFlake(order))
  return { flake, sshConfig }
}

/** deploy-rs writes the login before the address: it must be the one that ssh itself would take. */
async function loginOf(address: string, config: string): Promise<string | null> {
  const args = ['-G', '-F', config, '--', address]
  const ended = await run({ program: 'ssh', args, timeoutMs: askTime }, new AbortController().signal)
  return /^user (\S+)$/m.exec(ended.stdout)?.[1] ?? null
}
