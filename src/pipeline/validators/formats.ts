import { parseDuration } from '../../model/fleet/duration.ts'

/** The formats of our schemas that JSON Schema does not know, by name. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'fleet-duration': (text) => parseDuration(text) !== null,
}
