import type { Code } from '../../model/codes/codes.ts'
import { createHash } from 'node:crypto'
import { framed } from '../../model/text/frame.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'
import { Answers, isStorePath } from './fields.ts'
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
  const detail = answers.has('detail') ? hostDetail(answers) : null
  const failed = (detail?.unitStates ?? []).flatMap(({ unit, active }) => (active === 'failed' ? [unit] : []))
  return {
    ok: true,
    value: {
      system,
      hostname,
      profile: answers.path('profile'),
      nextBoot: answers.path('next-boot'),
      booted: answers.path('booted'),
      generation: answers.count('generation'),
      newestGeneration: answers.count('newest-generation'),
      clockSeconds: answers.count('clock'),
      profileAgeSeconds: answers.count('profile-age'),
      failedUnits: [...new Set([...answers.all('failed-unit').map(cleanLine), ...failed])].toSorted(),
      platform: answers.text('platform'),
      machine: answers.text('machine'),
      hostKey: hostKeyOf(answers.all('host-key')),
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
      uptimeSeconds: answers.count('uptime'),
      detail,
    },
  }
}

/** The fingerprint of the host's key as ssh shows it; of several that of the kind that NixOS makes by itself, else of the first. */
function hostKeyOf(keys: readonly string[]): string | null {
  const sound = keys.filter((key) => /^[a-z0-9@.-]{1,64} [A-Za-z0-9+/]{40,2000}={0,2}$/.test(key))
  const [, blob] = (sound.find((key) => key.startsWith('ssh-ed25519 ')) ?? sound[0])?.split(' ') ?? []
  if (blob === undefined) return null
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

function refuse(code: Code, summary: string, detail: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, summary, detail } }
}
