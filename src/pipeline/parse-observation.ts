import { framed } from '../model/frame.ts'
import type { Failure } from '../model/plan-schema.ts'
import type { Found, Observation } from '../model/system.ts'
import { cleanLine } from '../model/text.ts'
import { Answers, isStorePath } from './answers.ts'
import { hostDetail } from './parse-detail.ts'

/** Reads the answer of the observation script, written by a host that may be broken or hostile. */
export function parseObservation(stdout: string, nonce: string): Found<Observation> {
  const lines = framed(stdout, 'fleet-observation 1', 'fleet-observation end', nonce)
  if (lines === null)
    return refuse('observe/no-answer', 'the answer was cut short', 'The host did not answer the whole question.')
  const answers = new Map<string, string[]>()
  for (const line of lines) {
    const at = line.indexOf('=')
    if (at <= 0) continue
    const key = line.slice(0, at)
    const known = answers.get(key)
    if (known === undefined) answers.set(key, [line.slice(at + 1)])
    else known.push(line.slice(at + 1))
  }
  return observationOf(new Answers(answers))
}

function observationOf(answers: Answers): Found<Observation> {
  const system = answers.path('system')
  if (system === null)
    return refuse(
      'observe/not-nixos',
      'the host does not run NixOS',
      'It has no /run/current-system that leads into a Nix store.',
    )
  const hostname = answers.text('hostname')
  if (hostname === null)
    return refuse('observe/no-hostname', 'the host does not say its name', 'Reading its host name failed.')
  return {
    ok: true,
    value: {
      system,
      hostname,
      profile: answers.path('profile'),
      nextBoot: answers.path('next-boot'),
      booted: answers.path('booted'),
      generation: answers.count('generation'),
      profileAgeSeconds: answers.count('profile-age'),
      failedUnits: answers.all('failed-unit').map(cleanLine).toSorted(),
      platform: answers.text('platform'),
      machine: answers.text('machine'),
      release: answers.text('release'),
      revision: answers.text('revision'),
      systemState: answers.text('system-state') ?? 'unknown',
      bootId: answers.text('boot-id'),
      kernelRelease: answers.text('kernel-release') ?? 'unknown',
      bootLinks: answers.bootLinks('booted'),
      freeBytes: { nix: answers.kibibytes('free-nix'), boot: answers.kibibytes('free-boot') },
      activating: answers.text('activating') === 'yes',
      selectedPackages: answers.has('selected') ? answers.all('selected').filter(isStorePath) : null,
      mayActAsRoot: answers.has('root') ? answers.text('root') === 'yes' : null,
      detail: answers.has('detail') ? hostDetail(answers) : null,
    },
  }
}

function refuse(code: string, summary: string, detail: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, summary, detail } }
}
