import { nixOptions } from './flake.ts'
import type { Lab } from './lab.ts'
import { ask, run, type Answer } from './run.ts'

/** Builds the system that the lab's flake wants on a host and returns its path. */
export async function buildSystem(lab: Lab, host: string): Promise<string> {
  const reference = `git+file://${lab.flake}#nixosConfigurations."${host}".config.system.build.toplevel`
  const built = JSON.parse(
    await run('nix', [...nixOptions, 'build', '--no-link', '--json', reference], {
      environment: { ...process.env, ...lab.environment },
    }),
  ) as { readonly outputs: { readonly out: string } }[]
  return built[0]?.outputs.out ?? ''
}

/** Copies a system to a host as an operator would: `nix copy` over ssh-ng as `sma`, a trusted user, without signatures. */
export function copySystem(lab: Lab, host: string, system: string): Promise<Answer> {
  const environment = { ...process.env, ...lab.environment, NIX_SSHOPTS: `-F ${lab.layout.sshConfig}` }
  return ask('nix', [...nixOptions, 'copy', '--no-check-sigs', '--to', `ssh-ng://${host}`, system], { environment })
}

/** Makes a system that is on the host its newest generation and switches to it, by plain ssh. */
export async function switchSystem(lab: Lab, host: string, system: string): Promise<Answer> {
  const set = await lab.ssh(host, `sudo -n nix-env -p /nix/var/nix/profiles/system --set ${system}`)
  return set.code === 0 ? lab.ssh(host, `sudo -n ${system}/bin/switch-to-configuration switch`) : set
}

/** What runs on a host, asked without ssh. */
export async function runningSystem(lab: Lab, host: string): Promise<string> {
  return (await lab.inside(host, 'readlink -f /run/current-system')).stdout.trim()
}
