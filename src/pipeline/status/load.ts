import { type Outcome, rejected } from '../../model/diagnostic.ts'
import { placeInJson, placeAtOffset } from '../../model/fleet/json-place.ts'
import { pathOf } from '../../model/fleet/source.ts'
import type { Status } from '../../model/host/status-schema.ts'
import { statusFormat } from './status.ts'
import type { SchemaError } from '../validators/schema-error.ts'
import { validators } from '../validators/status.ts'

/**
 * Reads what `fleet status --json` wrote, hostile until every value has its shape: it may come from somebody who only asks for
 * a review. `name` is what the operator calls the file.
 */
export function loadStatus(text: string, name: string): Outcome<Status> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const at = Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length)
    return rejected('observed/not-json', 'the observations are not JSON', `${name} is not JSON.`, {
      place: placeAtOffset(name, text, at),
    })
  }
  const format = formatOf(value)
  if (format === null)
    return rejected(
      'observed/not-a-status',
      'not a status file',
      `${name} is not what \`fleet status --json\` writes: it has no \`format\` and no \`hosts\`.`,
    )
  if (format.split('.')[0] !== statusFormat.split('.')[0])
    return rejected(
      'observed/other-format',
      'observations of another format',
      `${name} has format ${format}, this fleet reads ${statusFormat}. Observe again with this fleet.`,
    )
  const errors = validators.status(value)
  // The schema has just said that this is what it is.
  if (errors.length === 0) return { ok: true, value: value as Status, diagnostics: [] }
  // A value that may be null, or one of several shapes, fails once for each: the deepest place says what is wrong.
  const deepest = errors.reduce<Pick<SchemaError, 'instancePath' | 'message'>>(
    (found, error) => (pathOf(error.instancePath).length > pathOf(found.instancePath).length ? error : found),
    { instancePath: '', message: 'is wrong' },
  )
  const { instancePath, message = 'is wrong' } = deepest
  return rejected(
    'observed/damaged',
    'invalid value in the observations',
    `${name}: \`${instancePath}\` ${message}. Observe again: \`fleet status --json\`.`,
    { place: placeInJson(name, text, pathOf(instancePath)) },
  )
}

function formatOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('format' in value) || !('hosts' in value)) return null
  return typeof value.format === 'string' && /^\d{1,4}\.\d{1,4}$/.test(value.format) ? value.format : null
}
