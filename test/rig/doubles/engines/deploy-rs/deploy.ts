// A double of `deploy` (deploy-rs, commit d5eff7f): the same command line, children in the same order, the same words and exit
// codes, over the machine's own nix and ssh. It is held to recordings of the real one by transcripts.test.ts.
// FLEET_DOUBLE_DEPLOY: words with commas between them that change it: `2026` (later flags and wordings), `exit=N` (ends with
// N whatever happened).
import { spawnSync } from 'node:child_process'
import { activate, revoke } from './activation.ts'
import { type Arguments, help, parseArguments, Refused } from './arguments.ts'
import { type Data, type Order, ordersOf, tomlOf } from './order.ts'
import { build, push } from './push.ts'
import { print, say } from './say.ts'
import { parseTarget, type Target } from './target.ts'

const modes = (process.env['FLEET_DOUBLE_DEPLOY'] ?? '').split(',')
const isLater = modes.includes('2026')
const forced = modes.find((mode) => mode.startsWith('exit='))?.slice('exit='.length)

/** Ends the program at once, whatever it has started. */
function end(code: number): never {
  process.exit(forced === undefined ? code : Number(forced))
}

function fail(text: string): never {
  say('ERROR', text)
  end(1)
}

let args: Arguments
try {
  args = parseArguments(process.argv.slice(2), isLater)
} catch (error) {
  if (!(error instanceof Refused)) throw error
  print(error.message)
  process.exit(2)
}
if (args.flags.has('--help')) {
  process.stdout.write(help(isLater))
  process.exit(0)
}
if (args.flags.has('--version')) {
  process.stdout.write('deploy-rs 1.0\n')
  process.exit(0)
}
if (args.flags.has('--dry-activate') && args.flags.has('--boot'))
  say('ERROR', 'Cannot use both --dry-activate & --boot!')

const targets = args.targets.map(
  (text): Target => parseTarget(text) ?? fail('Error parsing flake: Unrecognized node or token encountered'),
)
const support = spawnSync('nix', ['eval', '--expr', 'builtins.getFlake'], { stdio: 'ignore' })
if (support.error !== undefined) fail('Failed to test for flake support: No such file or directory (os error 2)')
if (support.status !== 0) {
  say('WARN', 'A Nix version without flakes support was detected, support for this is work in progress')
  fail('the double does without flakes as little as possible: it ends here')
}
if (!args.flags.has('--skip-checks')) for (const { repo } of targets) check(repo)
const evaluated = targets.map((target) => [target, evaluate(target)] as const)
await deploy(evaluated)
end(0)

function check(repo: string): void {
  say('INFO', `Running checks for flake in ${repo}`)
  const { status } = spawnSync('nix', ['flake', 'check', repo, ...args.extra], { stdio: 'inherit' })
  if (status !== 0)
    fail(`Failed to check deployment: Nix checking command resulted in a bad exit code: Some(${status})`)
}

function evaluate({ repo, node, profile }: Target): Data {
  say('INFO', `Evaluating flake in ${repo}`)
  const { status, stdout } = spawnSync(
    'nix',
    ['eval', '--json', `${repo}#deploy`, '--apply', selection(node, profile), ...args.extra],
    { encoding: 'utf8', stdio: ['inherit', 'pipe', 'inherit'] },
  )
  if (status !== 0) fail(`Failed to evaluate deployment data: Evaluation resulted in a bad exit code: Some(${status})`)
  return JSON.parse(stdout) as Data
}

function selection(node: string | null, profile: string | null): string {
  if (node === null) return 'deploy: deploy'
  if (profile === null) return ` deploy: (deploy // { nodes = { inherit (deploy.nodes) "${node}"; }; }) `
  return ` deploy: (deploy // { nodes = { "${node}" = deploy.nodes."${node}" // { profiles = { inherit (deploy.nodes."${node}".profiles) "${profile}"; }; }; }; }) `
}

async function deploy(all: readonly (readonly [Target, Data])[]): Promise<void> {
  let orders: readonly Order[]
  try {
    orders = all.flatMap(([target, data]) => ordersOf(data, target, args))
  } catch (error) {
    fail((error as Error).message)
  }
  say('INFO', `The following profiles are going to be deployed:\n${tomlOf(orders)}`)
  for (const order of orders) tell('build', 'on', order, build(order, args))
  for (const order of orders) tell('push', 'to', order, push(order, args))
  const done: Order[] = []
  for (const order of orders) {
    const problem = await activate(order, args)
    if (problem !== null) await giveUp(order, problem, done)
    done.push(order)
  }
}

/** In place of a reason the node's name is repeated, up to 2026. */
function tell(what: string, preposition: string, { node, name }: Order, reason: string | null): void {
  if (reason === null) return
  fail(
    isLater
      ? `Failed to ${what} profile ${name} ${preposition} node ${node}: ${reason}`
      : `Failed to ${what} profile ${preposition} node ${node}: ${node}`,
  )
}

async function giveUp(order: Order, problem: string, done: readonly Order[]): Promise<never> {
  say('ERROR', problem)
  if (args.flags.has('--dry-activate')) say('INFO', 'dry run, not rolling back')
  const isAsked = args.values.get('--rollback-succeeded') !== 'false' && args.values.get('--auto-rollback') !== 'false'
  const profile = isLater ? `profile ${order.name}` : 'profile'
  if (!isAsked) fail(`Failed to deploy ${profile} to node ${order.node}: ${problem}`)
  say('INFO', 'Revoking previous deploys')
  for (const one of done.filter(({ autoRollback }) => autoRollback)) {
    const failed = await revoke(one)
    if (failed !== null) fail(`Failed to revoke ${profile} for node ${one.node}: ${failed}`)
  }
  fail(`Deployment to node ${order.node} failed, rolled back to previous generation`)
}
