import type { Finding } from './doctor-schema.ts'

/** Something that is as it should be, or that could not be found out. */
export function finding({
  state = 'ok',
  ...about
}: Pick<Finding, 'host' | 'about' | 'says'> & { readonly state?: 'ok' | 'unknown' }): Finding {
  return { ...about, state, stops: false, next: null }
}

/** Something that is wrong, with what to do about it. */
export function problem(about: Omit<Finding, 'state'>): Finding {
  return { ...about, state: 'problem' }
}
