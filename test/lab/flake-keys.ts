import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brokenWays } from './description.ts'
import type { Layout } from './hosts/layout.ts'

type Json = string | number | boolean | null | readonly Json[] | JsonObject
type JsonObject = { readonly [key: string]: Json }
type Reader = (text: string) => Json

const asText: Reader = (text) => text

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(','))

const asPorts: Reader = (text) =>
  words(text).map((port) => {
    if (!/^\d{1,5}$/.test(port)) throw new Error(`'${port}' is no port. Ports are numbers with commas between them.`)
    return Number(port)
  })

const asBroken: Reader = (text) => {
  if (text === 'no') return null
  if (!(brokenWays as readonly string[]).includes(text)) {
    throw new Error(`A host cannot be broken in the way '${text}'. Known are: ${brokenWays.join(', ')}; 'no' mends it.`)
  }
  return text
}

/** A key of hosts.json: how many parts its written form has, how its value is read, and whether `*` means versions.json. */
interface Key {
  readonly parts: 1 | 2 | 3
  readonly read: Reader
  readonly fleetWide?: true
  readonly form: string
}

const keys: Readonly<Record<string, Key>> = {
  packages: { parts: 2, read: asText, fleetWide: true, form: 'packages.NAME VERSION' },
  kernel: { parts: 1, read: asText, fleetWide: true, form: 'kernel VERSION' },
  nixos: { parts: 1, read: asText, fleetWide: true, form: 'nixos LABEL' },
  services: { parts: 1, read: words, form: 'services NAME,NAME' },
  install: { parts: 1, read: words, form: 'install PACKAGE,PACKAGE' },
  environment: { parts: 3, read: asText, form: 'environment.SERVICE.VARIABLE TEXT' },
  settings: { parts: 2, read: asText, form: 'settings.bodySize TEXT' },
  tcpPorts: { parts: 1, read: asPorts, form: 'tcpPorts 80,443' },
  udpPorts: { parts: 1, read: asPorts, form: 'udpPorts 53' },
  kernelParams: { parts: 1, read: words, form: 'kernelParams quiet,splash' },
  warnings: { parts: 1, read: (text) => (text === '' ? [] : [text]), form: 'warnings TEXT' },
  etc: { parts: 2, read: asText, form: 'etc.NAME TEXT' },
  inhibitors: { parts: 2, read: asText, form: 'inhibitors.NAME TEXT' },
  hostName: { parts: 1, read: asText, form: 'hostName NAME' },
  motd: { parts: 1, read: asText, form: 'motd TEXT' },
  configurationRevision: { parts: 1, read: asText, form: 'configurationRevision REV' },
  broken: { parts: 1, read: asBroken, form: `broken ${brokenWays.join('|')}|no` },
}

/** Changes one value in the lab's flake: of a host in hosts.json, or with host `*` of all of them (versions in versions.json). */
export async function setInFlake(layout: Layout, host: string, key: string, value: string): Promise<void> {
  const { known, path } = parseKey(key)
  const versionsFile = join(layout.flake, 'versions.json')
  const versions = await readJson(versionsFile)
  const packages = versions['packages'] as JsonObject
  if (path[0] === 'packages' && !Object.hasOwn(packages, path[1] ?? '')) {
    throw new Error(`There is no package '${path[1]}' in the lab. Known are: ${Object.keys(packages).join(', ')}.`)
  }
  if (host === '*' && known.fleetWide === true) {
    await writeJson(versionsFile, withValue(versions, path, known.read(value)))
    return
  }
  const hostsFile = join(layout.flake, 'hosts.json')
  let hosts = await readJson(hostsFile)
  if (host !== '*' && !Object.hasOwn(hosts, host)) {
    throw new Error(`There is no host '${host}' in the lab. Known are: ${Object.keys(hosts).join(', ')}.`)
  }
  for (const name of host === '*' ? Object.keys(hosts) : [host]) {
    hosts = withValue(hosts, [name, ...path], known.read(value))
  }
  await writeJson(hostsFile, hosts)
}

// What follows the last needed dot belongs to the name (etc.nginx.conf is the file nginx.conf).
function parseKey(key: string): { readonly known: Key; readonly path: readonly string[] } {
  const parts = key.split('.')
  const known = Object.hasOwn(keys, parts[0] ?? '') ? keys[parts[0] ?? ''] : undefined
  if (
    known === undefined ||
    parts.length < known.parts ||
    parts.includes('') ||
    (known.parts === 1 && parts.length > 1)
  ) {
    const forms = Object.values(keys).map(({ form }) => `  ${form}\n`)
    throw new Error(`'${key}' is no key of a host. Known are:\n${forms.join('')}`)
  }
  return { known, path: [...parts.slice(0, known.parts - 1), parts.slice(known.parts - 1).join('.')] }
}

function withValue(object: JsonObject, [first = '', ...rest]: readonly string[], value: Json): JsonObject {
  const inner = rest.length === 0 ? value : withValue((object[first] ?? {}) as JsonObject, rest, value)
  return { ...object, [first]: inner }
}

async function readJson(file: string): Promise<JsonObject> {
  return JSON.parse(await readFile(file, 'utf8')) as JsonObject
}

async function writeJson(file: string, value: Json): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`)
}
