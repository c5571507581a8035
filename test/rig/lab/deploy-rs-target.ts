import type { Target } from '../../../src/model/plan/plan-schema.ts'
import { nixOptions, writeDeployNodes } from '../../lab/flake.ts'
import { copySystem } from '../../lab/by-hand.ts'
import type { Lab } from '../../lab/lab.ts'
import { run } from '../../lab/run.ts'

/** Builds what the lab's flake wraps a host's system in for deploy-rs; what a plan would say of it. */
export async function deployRsTarget(
  lab: Lab,
  host: string,
): Promise<Pick<Target, 'profile' | 'profileDrv' | 'deployRs'>> {
  await writeDeployNodes(lab.layout, Object.fromEntries(lab.hosts.map(({ name }) => [name, { hostname: name }])))
  const reference = `git+file://${lab.flake}#deploy.nodes."${host}".profiles.system.path`
  const options = { environment: { ...process.env, ...lab.environment } }
  const drv = await run('nix', [...nixOptions, 'eval', '--raw', `${reference}.drvPath`], options)
  const profile = (await run('nix-store', ['--realise', '--quiet', drv], options)).trim()
  return { profile, profileDrv: drv, deployRs: { ...silent, node: host } }
}

/** Makes a host one that deploy-rs has deployed before, which it can take back by itself. */
export async function installDeployRs(lab: Lab, host: string): Promise<void> {
  const { profile } = await deployRsTarget(lab, host)
  const copied = await copySystem(lab, host, profile)
  if (copied.code !== 0) throw new Error(`${host} could not be given ${profile}: ${copied.stderr}`)
  const link = '/nix/var/nix/profiles/system'
  const command = `nix-env -p ${link} --set ${profile} && $(dirname $(readlink -f ${link}/nixos-version))/bin/switch-to-configuration switch`
  const { code, stderr } = await lab.inside(host, command)
  if (code !== 0) throw new Error(`${host} could not be installed: ${stderr}`)
}

const silent = {
  source: 'deploy.nodes',
  profile: 'system',
  hostname: null,
  sshUser: null,
  user: 'root',
  sudo: null,
  tempPath: null,
  profilePath: null,
  sshOpts: [],
  fastConnection: null,
  remoteBuild: null,
  interactiveSudo: null,
  autoRollback: null,
  magicRollback: null,
  confirmTimeout: null,
  activationTimeout: null,
} as const
