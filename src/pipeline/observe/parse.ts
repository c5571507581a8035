import { failed } from '../../model/failure.ts'
import { createHash } from 'node:crypto'
import { framed } from '../../model/text/frame.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'
import { Fields, isStorePath } from './fields.ts'
import { observationTools } from './script.ts'
import { hostDetail } from './parse-detail.ts'
import { withoutEnd } from '../../model/text/without-end.ts'

/** Reads the answer of the observation script, written by a host that may be broken or hostile. */
export function parseObservation(stdout: string, nonce: string): Found<Observation> {
  const lines = framed(stdout, 'fleet-observation 1', 'fleet-observation end', nonce)
  if (lines === null)
    return failed('observe/no-answer', 'the answer was cut short', 'The host did not answer the whole question.')
  const fields = new Map<string, string[]>()
  for (const line of lines) {
    const at = line.indexOf('=')
    if (at <= 0) continue
    const key = line.slice(0, at)
    const known = fields.get(key)
    if (known === undefined) fields.set(key, [line.slice(at + 1)])
    else known.push(line.slice(at + 1))
  }
  return observationOf(new Fields(fields))
}

function observationOf(fields: Fields): Found<Observation> {
  const system = fields.path('system')
  const missingTools = missingToolsOf(fields)
  if (system === null && missingTools.includes('readlink'))
    return failed(
      'observe/missing-tools',
      'a program is missing on the host: readlink',
      'fleet could not find out what the host runs: the program readlink is not on the PATH of the login.',
    )
  if (system === null)
    return failed(
      'observe/not-nixos',
      'the host does not run NixOS',
      'It has no /run/current-system that leads into a Nix store.',
    )
  const hostname = fields.text('hostname')
  if (hostname === null)
    return failed('observe/no-hostname', 'the host does not say its name', 'Reading its host name failed.')
  const detail = fields.has('detail') ? hostDetail(fields) : null
  const failedUnits = (detail?.unitStates ?? []).flatMap(({ unit, active }) => (active === 'failed' ? [unit] : []))
  return {
    ok: true,
    value: {
      system,
      hostname,
      profile: fields.path('profile'),
      nextBoot: fields.path('next-boot'),
      booted: fields.path('booted'),
      specialisation: specialisationOf(fields),
      generation: fields.count('generation'),
      newestGeneration: fields.count('newest-generation'),
      clockSeconds: fields.count('clock'),
      profileAgeSeconds: fields.count('profile-age'),
      failedUnits: [...new Set([...fields.all('failed-unit').map(cleanLine), ...failedUnits])].toSorted(),
      platform: fields.text('platform'),
      machine: fields.text('machine'),
      hostKey: hostKeyOf(fields.all('host-key')),
      release: fields.text('release'),
      revision: fields.text('revision'),
      systemState: fields.text('system-state') ?? 'unknown',
      bootId: fields.text('boot-id'),
      kernelRelease: fields.text('kernel-release') ?? 'unknown',
      bootLinks: fields.bootLinks('booted'),
      freeBytes: { nix: fields.kibibytes('free-nix'), boot: fields.kibibytes('free-boot') },
      activating: fields.text('activating') === 'yes',
      selectedPackages: fields.has('selected') ? fields.all('selected').filter(isStorePath) : null,
      isTrusted: isTrusted(fields.text('login'), fields.text('trusted')),
      mayActAsRoot: fields.has('root') ? fields.text('root') === 'yes' : null,
      uptimeSeconds: fields.count('uptime'),
      ...(missingTools.length === 0 ? {} : { missingTools }),
      detail,
    },
  }
}

/** Programs of the questions that the host says it has not; nothing else that it may say. */
function missingToolsOf(fields: Fields): readonly string[] {
  const told = fields.all('missing-tool')
  return observationTools.filter((tool) => told.includes(tool))
}

/** Which specialisation of which system a host runs; null: none that what it would boot knows of. */
function specialisationOf(fields: Fields): NonNullable<Observation['specialisation']> | null {
  const [name, of] = [fields.text('specialisation'), fields.path('specialisation-of')]
  // A name of a file has no more.
  return name === null || name.length > 255 || of === null ? null : { name, of }
}

/** Whether Nix on the host takes unsigned paths from the login, as its nix.conf says; null: not told. Root is always trusted. */
function isTrusted(login: string | null, trusted: string | null): boolean | null {
  const [user, ...groups] = login?.split(/\s+/) ?? []
  if (user === undefined) return null
  if (user === 'root') return true
  const names = trusted?.split(/\s+/) ?? []
  if (names.includes('*') || names.includes(user) || groups.some((group) => names.includes(`@${group}`))) return true
  return trusted === null ? null : false
}

/** The fingerprint of the host's key as ssh shows it; of several that of the kind that NixOS makes by itself, else of the first. */
function hostKeyOf(keys: readonly string[]): string | null {
  const sound = keys.filter((key) => /^[a-z0-9@.-]{1,64} [A-Za-z0-9+/]{40,2000}={0,2}$/.test(key))
  const [, blob] = (sound.find((key) => key.startsWith('ssh-ed25519 ')) ?? sound[0])?.split(' ') ?? []
  if (blob === undefined) return null
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${withoutEnd(digest, '=')}`
}
