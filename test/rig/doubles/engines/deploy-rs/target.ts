/** A target: where the flake is, and which of its nodes and profiles are meant; null: all. */
export interface Target {
  readonly repo: string
  readonly node: string | null
  readonly profile: string | null
}

const name = `(?:([A-Za-z_][\\w'-]*)|"([^"]*)")`
const pair = new RegExp(`^${name}\\.${name}$`)
const single = /^[A-Za-z_][\w'-]*$/

/** Reads `<flake>#<node>.<profile>`; null for what deploy-rs does not take, such as a quoted node without a profile. */
export function parseTarget(text: string): Target | null {
  const at = text.indexOf('#')
  const repo = at === -1 ? text : text.slice(0, at)
  const fragment = at === -1 ? '' : text.slice(at + 1)
  if (fragment === '') return { repo, node: null, profile: null }
  if (single.test(fragment)) return { repo, node: fragment, profile: null }
  const [, bare, quoted, bareProfile, quotedProfile] = pair.exec(fragment) ?? []
  const node = bare ?? quoted
  const profile = bareProfile ?? quotedProfile
  return node === undefined || profile === undefined ? null : { repo, node, profile }
}
