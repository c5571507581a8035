import { copyFile, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { activateDouble } from '../rig/doubles/engines/deploy-rs.ts'
import type { HostDescription } from './description.ts'
import type { Layout } from './hosts/layout.ts'
import { run } from './run.ts'

const template = fileURLToPath(new URL('flake', import.meta.url))

// What the build scripts of the flake use of busybox.
const applets = ['cat', 'chmod', 'cp', 'dirname', 'head', 'ln', 'mkdir', 'mv', 'readlink', 'rm', 'sed', 'yes']

/** Options that make Nix take flakes, whatever its configuration says. */
export const nixOptions: readonly string[] = ['--extra-experimental-features', 'nix-command flakes']

/** Writes the lab's flake as a git repository with one commit; `units` is the directory of a real systemd's units, where hosts have one. */
export async function writeFlake(
  layout: Layout,
  hosts: Readonly<Record<string, HostDescription>>,
  units?: string,
): Promise<void> {
  const tools = join(layout.flake, 'bootstrap-tools', 'bin')
  await cp(template, layout.flake, { recursive: true })
  await mkdir(tools, { recursive: true })
  if (units !== undefined)
    await cp(units, join(layout.flake, 'upstream-units'), { recursive: true, verbatimSymlinks: true })
  await copyFile('/bin/busybox', join(tools, 'busybox'))
  await copyFile(process.env['FLEET_TEST_ACTIVATE'] ?? activateDouble, join(layout.flake, 'deploy-rs', 'activate'))
  for (const applet of applets) await symlink('busybox', join(tools, applet))
  await writeFile(join(layout.flake, 'hosts.json'), `${JSON.stringify(hosts, null, 2)}\n`)
  await git(layout, 'init', '--quiet', '--initial-branch=main')
  await commitFlake(layout, 'The fleet as the lab begins')
}

/** A node of deploy-rs as the lab's flake takes it: settings, and whose system it wraps when that is not its own. */
export interface DeployNode {
  readonly hostname: string
  readonly configuration?: string
  readonly profileName?: string
  readonly [setting: string]: unknown
}

/** Gives the flake `deploy.nodes`, or takes them away (null), and commits that. */
export async function writeDeployNodes(
  layout: Layout,
  nodes: Readonly<Record<string, DeployNode>> | null,
): Promise<void> {
  const file = join(layout.flake, 'deploy.json')
  if (nodes === null) await rm(file, { force: true })
  else await writeFile(file, `${JSON.stringify({ user: 'root', nodes }, null, 2)}\n`)
  await commitFlake(layout, 'What deploy-rs deploys')
}

/** Commits all changes of the flake; nothing to commit is fine. */
export async function commitFlake(layout: Layout, message: string): Promise<void> {
  await git(layout, 'add', '--all')
  await git(layout, 'commit', '--quiet', '--allow-empty', '--no-verify', `--message=${message}`)
}

// The same author and date always, and none of the operator's own configuration.
function git(layout: Layout, ...args: readonly string[]): Promise<string> {
  const environment = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'The lab',
    GIT_AUTHOR_EMAIL: 'lab@example.net',
    GIT_COMMITTER_NAME: 'The lab',
    GIT_COMMITTER_EMAIL: 'lab@example.net',
  }
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete (environment as NodeJS.ProcessEnv)[name]
  return run('git', ['-C', layout.flake, ...args], { environment })
}
