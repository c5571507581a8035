import { expect, it } from 'vitest'
import { observationFromJson } from '../../../../src/model/host/host-observation.ts'
import type { BootLinks, Observation } from '../../../../src/model/host/system.ts'
import { compareBoot, toldApart } from '../../../../src/pipeline/compare/diff/boot.ts'
import { sampleEvaluation } from '../../../rig/samples/evaluation.ts'
import { storePath } from '../../../rig/samples/plan.ts'
import { sampleObservation } from '../../../rig/samples/status.ts'

const kernel = (version: string): BootLinks => ({
  kernel: `${storePath('a', `linux-${version}`)}/bzImage`,
  initrd: null,
  kernelModules: null,
  kernelParams: null,
})

/** The state of a reboot where a host booted, runs and should run systems with these kernels. */
function stateOf(booted: string, running: string, planned: string) {
  const detail = { links: kernel(running) } as Observation['detail']
  const observation = { ...observationFromJson(sampleObservation()), bootLinks: kernel(booted), detail }
  const evaluation = { ...sampleEvaluation('x'), bootLinks: kernel(planned) }
  return toldApart(compareBoot(observation, evaluation), observation, evaluation).state
}

it.each([
  ['1', '1', '1', 'none'],
  ['1', '1', '2', 'needed'],
  ['1', '2', '2', 'pending'],
  ['1', '2', '3', 'needed'],
  ['1', '2', '1', 'cleared'],
])('booted %s, running %s, planned %s: %s', (booted, running, planned, state) => {
  expect(stateOf(booted, running, planned)).toBe(state)
})
