import { readdirSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'

/** Where the bundle is. */
const folder = new URL('./', import.meta.url)

/**
 * A stack trace in which places of the bundle are those of its sources, as `src/…` from the root of the package. Node does this
 * by itself only where it reads every source map at the start, which makes each start an eighth slower.
 */
export function withSourceLines(trace: string): string {
  const maps = new Map<string, SourceMap | null>()
  // What a message says may look like a place, too: maps of fleet's own files are read, and no others.
  const own = new Set(readdirSync(folder).map((name) => new URL(name, folder).href))
  return trace.replaceAll(/(file:\/\/\/\S+?\.js):(\d+):(\d+)/g, (place, file: string, line: string, column: string) => {
    let map = maps.get(file)
    if (map === undefined) maps.set(file, (map = own.has(`${file}.map`) ? readMap(`${file}.map`) : null))
    const found = map?.findEntry(Number(line) - 1, Number(column) - 1)
    if (found === undefined || !('originalSource' in found)) return place
    const { originalSource, originalLine, originalColumn } = found
    return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`
  })
}

function readMap(file: string): SourceMap {
  return new SourceMap(JSON.parse(readFileSync(new URL(file), 'utf8')) as SourceMapPayload)
}
