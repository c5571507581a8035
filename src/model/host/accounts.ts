/** Users and groups as far as they may be shown: properties by name, as one canonical text each. */
export interface Accounts {
  readonly users: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
}

/** Keys of users-groups.json that never leave this file: passwords, hashes, and files that hold them. */
const secret = /password|hash/i

/** Reads users-groups.json (nixpkgs nixos/modules/config/users-groups.nix); null when it is not what it should be. */
export function parseAccounts(text: string): Accounts | null {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return null
  const { users, groups } = value as { readonly users?: unknown; readonly groups?: unknown }
  if (!Array.isArray(users) || !Array.isArray(groups)) return null
  return { users: byName(users), groups: byName(groups) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function byName(list: readonly unknown[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const item of list) {
    if (typeof item !== 'object' || item === null) continue
    const { name, ...rest } = item as Readonly<Record<string, unknown>>
    if (typeof name !== 'string') continue
    const shown = Object.entries(rest)
      .filter(([key]) => !secret.test(key))
      .map(([key, value]) => [key, Array.isArray(value) ? value.map(String).toSorted() : value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    found.set(name, JSON.stringify(shown))
  }
  return found
}
