import { type JsonRecord, jsonRecord, parseJson } from '../text/json-text.ts'

/**
 * The inputs of a flake.lock that come from the machine that reads it, as sentences' objects (`keys (path:/root/.ssh)`): a directory,
 * a file or a repository by its path, and whatever comes another way than over https, http, ssh or git. A path below the flake itself
 * is none of them. Every node counts, reached or not. Null where the text is no lock file.
 */
export function inputsOfThisMachine(lockFile: string): readonly string[] | null {
  const nodes = jsonRecord(jsonRecord(parseJson(lockFile))?.['nodes'])
  if (nodes === null) return null
  return Object.entries(nodes).flatMap(([name, node]) => {
    const locked = jsonRecord(jsonRecord(node)?.['locked'])
    return locked === null || isElsewhere(locked) ? [] : [`${name} (${placeOf(locked)})`]
  })
}

/** Types whose place is a name at a forge: they have no address of their own but `host`. */
const forges = ['github', 'gitlab', 'sourcehut']

function isElsewhere({ type, path, url }: JsonRecord): boolean {
  if (typeof type !== 'string') return false
  if (forges.includes(type)) return true
  if (type === 'path') return typeof path === 'string' && !path.startsWith('/') && !path.split('/').includes('..')
  return typeof url === 'string' && /^(?:https?|ssh|git):\/\/[^/]/.test(url)
}

function placeOf({ type, path, url }: JsonRecord): string {
  const place = [url, path].find((one) => typeof one === 'string')
  return `${typeof type === 'string' ? type : 'unknown'}:${place ?? ''}`
}
