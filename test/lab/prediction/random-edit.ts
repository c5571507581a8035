import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commitFlake } from '../flake.ts'
import type { Lab } from '../lab.ts'
import type { Random } from './random.ts'

interface Description {
  [key: string]: unknown
  services: string[]
  install?: string[]
  etc?: Record<string, string>
  users?: Record<string, unknown>
  units?: Record<string, unknown>
  environment?: Record<string, Record<string, string>>
}

type Edit = (host: Description, random: Random) => string

const services = [
  'nginx',
  'fail2ban',
  'tailscaled',
  'forgejo',
  'jellyfin',
  'ollama',
  'open-webui',
  'nfs-server',
  'transmission',
  'zfs-mount',
]
const extra = ['git', 'htop', 'vim', 'jq', 'emacs', 'hello', 'ffmpeg']
const bumped = [
  'glibc',
  'zlib',
  'openssl',
  'curl',
  'nginx',
  'forgejo',
  'jq',
  'python3',
  'sqlite',
  'dbus',
  'nix',
  'tailscale',
  'git',
  'kmod',
]
const inhibitors = ['broker', 'dbus']

/** One random change of a host's description by the kind of thing that changes; each says what it did. */
export const edits: Readonly<Record<string, Edit>> = {
  bump(host, random) {
    const [name, version] = [
      random.oneOf(bumped),
      `${random.below(9)}.${random.below(9)}${random.oneOf(['', 'pre1', 'p2', '-3'])}`,
    ]
    host['packages'] = { ...(host['packages'] as object), [name]: version }
    return `${name} ${version}`
  },
  install(host, random) {
    host.install = toggled(host.install ?? [], random.oneOf(extra))
    return `install ${host.install.join(',')}`
  },
  service(host, random) {
    host.services = toggled(host.services, random.oneOf(services))
    return `services ${host.services.join(',')}`
  },
  environment(host, random) {
    const [service, value] = [random.oneOf(['sshd', ...host.services]), `value ${random.below(100)} 'quoted' "twice"`]
    host.environment = { ...host.environment, [service]: { TOKEN: value, LEVEL: String(random.below(5)) } }
    return `environment of ${service}`
  },
  unit(host, random) {
    const name = random.oneOf(['one.service', 'two.service', 'three@.service', 'four.timer'])
    const known = host.units?.[name]
    if (known !== undefined && random.once(3)) {
      const { [name]: _, ...rest } = host.units ?? {}
      host.units = rest
      return `without ${name}`
    }
    host.units = { ...host.units, [name]: randomUnit(name, random) }
    return `unit ${name}`
  },
  etc(host, random) {
    const name = random.oneOf(['lab.conf', 'nested/deep@1.conf', 'motd'])
    if (host.etc?.[name] !== undefined && random.once(2)) {
      const { [name]: _, ...rest } = host.etc
      host.etc = rest
      return `without /etc/${name}`
    }
    host.etc = { ...host.etc, [name]: `# ${random.below(100)}\nkey = "a\\b\tc"\npassword = hunter${random.below(9)}\n` }
    return `/etc/${name}`
  },
  settings(host, random) {
    host['settings'] = { bodySize: `${random.below(50)}m` }
    return 'settings of nginx'
  },
  kernel(host, random) {
    host['kernel'] = `6.12.${50 + random.below(9)}`
    return `kernel ${String(host['kernel'])}`
  },
  kernelParams(host, random) {
    host['kernelParams'] = random.oneOf([[], ['quiet'], ['quiet', 'splash']])
    return 'kernel parameters'
  },
  user(host, random) {
    const name = random.oneOf(['ada', 'grace', 'alan'])
    if (host.users?.[name] !== undefined && random.once(2)) {
      const { [name]: _, ...rest } = host.users
      host.users = rest
      return `without user ${name}`
    }
    host.users = {
      ...host.users,
      [name]: { uid: 2000 + random.below(9), hashedPassword: `$6$salt$${random.below(1e6)}` },
    }
    return `user ${name}`
  },
  ports(host, random) {
    host[random.oneOf(['tcpPorts', 'udpPorts'])] = [8000 + random.below(9), 9000 + random.below(9)]
    return 'ports'
  },
  inhibitors(host, random) {
    host['inhibitors'] = { 'dbus-implementation': random.oneOf(inhibitors) }
    return 'inhibitors'
  },
  label(host, random) {
    host['nixos'] = `25.05.2025110${random.below(9)}.abcdef${random.below(9)}`
    return 'label'
  },
  revision(host, random) {
    host['configurationRevision'] = random.below(1e9).toString(16)
    return 'revision'
  },
}

/** Flags of services and the keys that decide what a switch does with them. */
function randomUnit(name: string, random: Random): object {
  const unit = {
    description: `Made by chance ${random.below(5)}`,
    ...(name.includes('@') ? {} : { wantedBy: ['multi-user.target'] }),
  }
  if (name.endsWith('.timer')) return { ...unit, timer: { OnCalendar: random.oneOf(['daily', 'weekly']) } }
  return {
    ...unit,
    service: {
      ExecStart: `/run/current-system/sw/bin/bash -c ${random.below(3)}`,
      ...(random.once(3) ? { ExecReload: `x${random.below(3)}` } : {}),
    },
    ...(random.once(4) ? { stopIfChanged: false } : {}),
    ...(random.once(4) ? { restartIfChanged: false } : {}),
    ...(random.once(4) ? { reloadIfChanged: true } : {}),
    ...(random.once(5) ? { onlyManualStart: true } : {}),
    ...(random.once(5) ? { stopOnRemoval: false } : {}),
    ...(random.once(4) ? { reloadTriggers: [`/etc/trigger-${random.below(2)}`] } : {}),
  }
}

function toggled(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item]
}

/** Changes a host's description in the lab's flake and commits it; says what changed. */
export async function editHost(lab: Lab, host: string, kinds: readonly string[], random: Random): Promise<string> {
  const file = join(lab.flake, 'hosts.json')
  const hosts = JSON.parse(await readFile(file, 'utf8')) as Record<string, Description>
  const description = hosts[host]
  if (description === undefined) throw new Error(`The lab has no host ${host}.`)
  const said = kinds.map((kind) => edits[kind]?.(description, random) ?? '')
  await writeFile(file, `${JSON.stringify(hosts, null, 2)}\n`)
  await commitFlake(lab.layout, said.join(', '))
  return said.join(', ')
}
