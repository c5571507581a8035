/*
 * Lines of a journal at which fleet is killed, by their kind (kill-at.ts): `a` is the canary, `b` the host after it. Each
 * kind of line is there once, now of the one host and now of the other.
 */

/** Before anything is activated. */
export const before = [
  'run.started',
  'host.step b build started',
  'host.step a build finished',
  'wave.started canary',
  'host.step b lock started',
  'lock.acquired a',
  'host.step b lock finished',
  'host.step a preflight started',
  'check.finished b',
  'host.step a preflight finished',
  'host.step b copy started',
  'host.step a copy finished',
] as const

/** From the start of a host until it has been asked what it runs. */
export const during = [
  'host.started b',
  'host.step a activate started',
  'host.step b activate finished',
  'host.step a verify started',
  'host.step b verify finished',
] as const

/** After that. */
export const after = [
  'host.step a check started',
  'host.step b check finished',
  'host.succeeded a',
  'wave.baking canary',
  'lock.released b',
  'wave.finished canary',
  'wave.started rest',
  'wave.finished rest',
  'run.finished',
] as const
