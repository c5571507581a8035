import { openStage, type Stage } from '../stage.ts'

/** A canary, two hosts beside each other, and one that comes last. */
export const hosts = ['alpha', 'beta', 'gamma', 'delta'] as const

/** The waves, and a check of units that is over sooner than the ready-made one where it fails. */
export const rollout = `
checks:
  quick-units: { type: systemd, timeout: 20s, interval: 1s, deadline: 20s }
waves:
  - { name: canary, hosts: [alpha] }
  - { name: rest, hosts: [beta, gamma], maxParallel: 2 }
  - { name: last, hosts: [delta] }
`

/** The settings of each host; its times end nothing but what hangs. */
export const quick = 'checks: [ssh, quick-units], activation: { timeout: 4m, confirmTimeout: 2m }'

/** Every host with these settings, as fleet.yaml takes them. */
export const settings = { alpha: quick, beta: quick, gamma: quick, delta: quick }

/** A lab with them, of its own for each file. */
export function fourHosts(): Stage {
  return openStage({
    hosts: {
      alpha: { services: ['nginx'] },
      beta: { services: ['forgejo'] },
      gamma: { services: ['tailscaled'] },
      delta: { services: ['tailscaled'] },
    },
    rollout,
    settings,
  })
}
