import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLab, type Lab } from '../../lab/lab.ts'
import { installDoubles, installHanging, says } from '../../rig/lab/programs.ts'
import { library } from '../../rig/files/fleet-file.ts'
import { measureScript, shareConnection } from '../../rig/lab/measure-script.ts'
import { servedAt, servicePages } from '../../rig/servers/service-pages.ts'
import { StandIn } from '../../rig/doubles/stand-in.ts'

const services = ['nginx', 'forgejo', 'jellyfin', 'ollama', 'open-webui', 'transmission', 'nfs-server', 'tailscaled']

const host = 'alpha'
let lab: Lab
let address: string
const web = new StandIn()
let hanging: ReturnType<typeof measureHanging>

beforeAll(async () => {
  ;[lab] = await Promise.all([startLab({ hosts: { [host]: { services } } }), web.listen()])
  address = lab.hosts[0]?.address ?? ''
  await installDoubles(lab, host)
  await installHanging(lab, host, ['curl', 'df', 'journalctl', 'ping', 'showmount', 'systemctl', 'tailscale', 'zpool'])
  // The lab calls it nextcloud; on NixOS this is the unit that answers.
  await lab.inside(host, 'cp /run/lab/units/forgejo.service /run/lab/units/phpfpm-nextcloud.service')
  await shareConnection(lab, host)
  hanging = measureHanging()
})

afterAll(async () => {
  web.close()
  await lab?.stop()
})

/** What each check was seen to say when it could find its programs. */
const seen = new Set<string>()

async function measure(name: string, vars: Readonly<Record<string, string>> = {}, path = '$PATH'): Promise<string> {
  const told = await measureScript(lab, host, name, { vars, path })
  if (path === '$PATH') seen.add(`${name} ${told.split(':')[0]}`)
  return told
}

/** Those that are scripts; of the many that are made from web-service, that alone. */
const distinct = library.names
  .filter((name) => library.find(name)?.check.type === 'command')
  .map((name) => name.slice('builtin/'.length))
  .filter((name) => name !== 'nginx' && !Object.hasOwn(servicePages, name))

/** How each ends where no program answers; it takes a while, which the other tests need not wait for. */
function measureHanging(): Promise<readonly (readonly [name: string, result: string])[]> {
  const vars = { serviceUnit: 'nginx.service', serviceUrl: 'http://127.0.0.1/' }
  return Promise.all(
    distinct.map(async (name) => {
      const told = await measure(name, vars, '/run/lab/hanging:$PATH')
      return [name, told.split(':')[0] ?? ''] as const
    }),
  )
}

describe('builtin/disk-space', () => {
  it('passes with room and fails without, on real file systems', async () => {
    expect(await measure('disk-space', { mounts: '/nix /run' })).toMatch(
      /^pass: \/nix \d+ %, \/run \d+ % used, 90 % allowed$/,
    )
    await lab.inside(host, 'mkdir /srv; mount -t tmpfs -o size=1m small /srv; head -c 950000 /dev/zero >/srv/full')
    expect(await measure('disk-space', { mounts: '/nix /srv', maxUse: '85' })).toBe(
      'fail: /srv 91 % used, 85 % allowed',
    )
    await lab.inside(host, 'umount /srv')
    await lab.break(host, 'disk-full')
    expect(await measure('disk-space', { mounts: '/run /nix' })).toBe('fail: /nix 100 % used, 90 % allowed')
    await lab.mend(host, 'disk-full')
  })

  it('is an error where it cannot be measured', async () => {
    expect(await measure('disk-space', { mounts: '/gone' })).toBe('error: df: /gone: No such file or directory')
    expect(await measure('disk-space', { mounts: '' })).toBe('error: mounts names no file system')
    expect(await measure('disk-space', { maxUse: '90%' })).toBe("error: maxUse is '90%', not a number of per cent")
  })
})

describe('builtin/load', () => {
  it('passes below the limit and fails above it, for each core or for the host', async () => {
    await lab.inside(host, 'echo "9.50 4.00 2.00 1/200 4242" >/lab/loadavg; mount --bind /lab/loadavg /proc/loadavg')
    expect(await measure('load', { maxLoadPerCore: '10' })).toMatch(/^pass: load 9.50 on \d+ cores?, \d+.00 allowed$/)
    expect(await measure('load', { maxLoadPerCore: '0.01' })).toMatch(/^fail: load 9.50 on \d+ cores?, 0.\d+ allowed$/)
    expect(await measure('load', { maxLoad: '9.5' })).toMatch(/^pass: load 9.50 on \d+ cores?, 9.50 allowed$/)
    expect(await measure('load', { maxLoad: '5' })).toMatch(/^fail: load 9.50 on \d+ cores?, 5.00 allowed$/)
    expect(await measure('load', { maxLoad: 'five' })).toBe('error: maxLoad is "five", not a number')
    await lab.inside(host, 'umount /proc/loadavg')
    expect(await measure('load', { maxLoad: '9999' })).toMatch(/^pass: load /)
  })
})

describe('builtin/network', () => {
  it('passes where the address answers and fails where it does not', async () => {
    const [near, far, odd] = await Promise.all([
      measure('network', { networkAddress: address }),
      // Nobody has a name of this kind (RFC 6761).
      measure('network', { networkAddress: 'nobody.invalid' }),
      measure('network', { networkAddress: '-f' }),
    ])
    expect(near).toMatch(/^pass: 127\.\S+ answered in [\d.]+ ms$/)
    expect(far).toMatch(/^fail: .*nobody\.invalid/)
    expect(odd).toBe("error: networkAddress is '-f', not an address")
  })
})

describe('the update gate', () => {
  it('builtin/system-running passes a host that runs and fails one that is degraded, unless that will do', async () => {
    expect(await measure('system-running')).toBe('pass: the system is running')
    await lab.inside(host, 'systemctl lab-fail nginx.service')
    expect(await measure('system-running')).toBe('fail: the system is degraded, running wanted; failed: nginx.service')
    expect(await measure('system-running', { systemStates: 'running degraded' })).toBe('pass: the system is degraded')
    await lab.inside(host, 'systemctl start nginx.service')
  })

  it('builtin/uptime passes a host that has been up long enough and fails one that has not', async () => {
    expect(await measure('uptime', { minUptime: '0' })).toMatch(/^pass: up for \d+ min, 0 min wanted$/)
    expect(await measure('uptime', { minUptime: '999999999' })).toMatch(/^fail: up for \d+ min, 16666666 min wanted$/)
    expect(await measure('uptime', { minUptime: '30m' })).toBe("error: minUptime is '30m', not a number of seconds")
  })
})

describe('the log checks', () => {
  const errors = (unit: string, count: number) => `info ${unit}\n${`err ${unit}\n`.repeat(count)}`
  it('builtin/log-errors passes a quiet journal and fails a noisy one', async () => {
    await says(lab, host, 'journalctl', errors('nginx.service', 9))
    expect(await measure('log-errors')).toBe('pass: 9 errors since 1 hour ago, 9 allowed')
    await says(lab, host, 'journalctl', errors('nginx.service', 10))
    expect(await measure('log-errors')).toBe('fail: more than 9 errors since 1 hour ago')
    const never = { logSince: 'the day before yesteryear' }
    expect(await measure('log-errors', never)).toBe('error: Failed to parse timestamp: the day before yesteryear')
  })

  it('builtin/unit-errors looks at each unit by itself', async () => {
    const logUnits = 'nginx.service sshd.service'
    await says(lab, host, 'journalctl', errors('nginx.service', 4) + errors('sshd.service', 3))
    expect(await measure('unit-errors', { logUnits })).toBe(
      'pass: nginx.service 4 errors, sshd.service 3 errors since 10 minutes ago, 4 allowed',
    )
    await says(lab, host, 'journalctl', errors('nginx.service', 3) + errors('sshd.service', 5))
    expect(await measure('unit-errors', { logUnits })).toBe(
      'fail: sshd.service more than 4 errors since 10 minutes ago',
    )
  })

  it('asks with sudo where the user may not read the journal, and says so where that is refused', async () => {
    await says(lab, host, 'journalctl', errors('nginx.service', 1))
    const stranger = '/run/lab/stranger:$PATH'
    expect(await measure('log-errors', {}, stranger)).toMatch(/^pass: 1 error since 1 hour ago/)
    await lab.break(host, 'no-sudo')
    expect(await measure('log-errors', {}, stranger)).toBe('error: sudo: a password is required')
    await lab.mend(host, 'no-sudo')
  })

  it('a journal that cannot be read is an error, not a quiet one', async () => {
    // The real journalctl: nothing writes a journal in the lab.
    expect(await measure('log-errors', {}, '/usr/bin')).toMatch(
      /^error: the host('s journal is empty, or may not be read| has no program journalctl)$/,
    )
  })
})

describe.each(Object.entries(servicePages))('builtin/%s', (name, { unit, well, ill, told }) => {
  const vars = () => ({ serviceUrl: servedAt(name, web.port) })

  it('passes a service that is active and well', async () => {
    web.answer = [well[0], well[2]]
    expect(await measure(name, vars())).toMatch(
      new RegExp(`^pass: ${unit} is active, http:\\S+ answered ${well[0]} in [\\d.]+ s$`),
    )
    expect(web.asked.at(-1)?.path).toBe(well[1])
  })

  it('fails one that is active and not well, or does not answer, or is not active', async () => {
    web.answer = [ill[0], ill[2]]
    expect(await measure(name, vars())).toContain(`${vars()['serviceUrl']} ${told}`)
    expect(await measure(name, { serviceUrl: `http://${address}:1/` })).toMatch(
      new RegExp(`^fail: ${unit} is active, but http:\\S+ does not answer: Failed to connect`),
    )
    web.answer = [well[0], well[2]]
    await lab.inside(host, `systemctl lab-fail ${unit}`)
    expect(await measure(name, vars())).toBe(`fail: ${unit} is failed`)
    await lab.inside(host, `cp /run/lab/units/nginx.service /run/lab/units/${unit}`)
  })
})

describe('builtin/nginx and builtin/web-service', () => {
  it('nginx passes whatever page it serves, and fails where nothing listens', async () => {
    const serviceUrl = `http://${address}/not-there`
    expect(await measure('nginx', { serviceUrl })).toMatch(/^pass: nginx.service is active, http:\S+ answered 404 in /)
    await lab.inside(host, 'kill $(cat /run/lab/www/nginx.service.pid)')
    expect(await measure('nginx', { serviceUrl })).toMatch(
      /^fail: nginx.service is active, but http:\S+ does not answer: /,
    )
    await lab.inside(host, 'systemctl stop nginx')
    expect(await measure('nginx', { serviceUrl })).toBe('fail: nginx.service is inactive')
    await lab.inside(host, 'systemctl start nginx')
  })

  it('asks for the Host that it is told, and says what is wrong with its variables', async () => {
    web.answer = [200, 'well']
    const serviceUrl = `http://127.0.0.1:${web.port}/`
    const vars = {
      serviceUnit: 'nginx.service',
      serviceUrl,
      serviceHost: 'git.example.net',
      serviceStatus: '3?? [24]00',
    }
    expect(await measure('web-service', { ...vars, serviceBody: '^we.l$' })).toMatch(/^pass: /)
    expect(web.asked.at(-1)?.headers.host).toBe('git.example.net')
    expect(await measure('web-service', { ...vars, serviceBody: '(' })).toMatch(/^error: serviceBody is no regular/)
    expect(await measure('web-service', { ...vars, serviceUrl: 'gopher://a/' })).toMatch(/^error: curl: \(1\) /)
    expect(await measure('web-service', { ...vars, serviceUrl: '' })).toBe(
      'error: the variable serviceUrl names no address',
    )
    expect(await measure('web-service')).toBe('error: the variable serviceUnit names no unit')
  })
})

describe('storage and tailnet', () => {
  it('builtin/nfs-server passes what is exported and fails what is not', async () => {
    await says(lab, host, 'showmount', '/mnt/storage 10.0.0.0/24\n/mnt/media   (everyone)\n')
    expect(await measure('nfs-server')).toBe('pass: exported: /mnt/storage /mnt/media')
    expect(await measure('nfs-server', { nfsExports: '/mnt/media /mnt/backup' })).toBe(
      'fail: /mnt/backup is not exported; exported: /mnt/storage /mnt/media',
    )
    await says(lab, host, 'showmount', '')
    expect(await measure('nfs-server')).toBe('fail: nothing is exported')
    await says(lab, host, 'showmount', null)
    expect(await measure('nfs-server')).toBe(
      'fail: nfs-server.service is active, but: clnt_create: RPC: Program not registered',
    )
    await lab.inside(host, 'systemctl stop nfs-server')
    expect(await measure('nfs-server')).toBe('fail: nfs-server.service is inactive')
  })

  it('builtin/zfs-pools passes pools that are online and fails others, and those that are not there', async () => {
    await says(lab, host, 'zpool', 'rpool\tONLINE\ntank\tONLINE\n')
    expect(await measure('zfs-pools')).toBe('pass: online: rpool tank')
    expect(await measure('zfs-pools', { zfsPools: 'tank vault' })).toBe('fail: there is no pool vault')
    await says(lab, host, 'zpool', 'rpool\tONLINE\ntank\tDEGRADED\n')
    expect(await measure('zfs-pools')).toBe('fail: tank is DEGRADED')
    await says(lab, host, 'zpool', '')
    expect(await measure('zfs-pools')).toBe('fail: there is no pool')
  })

  it('builtin/tailscaled passes a host that is connected and fails one that is not', async () => {
    await says(lab, host, 'tailscale', 'Running')
    expect(await measure('tailscaled')).toBe('pass: tailscaled.service is active, its state is Running')
    await says(lab, host, 'tailscale', 'NeedsLogin')
    expect(await measure('tailscaled')).toBe('fail: tailscaled.service is active, its state is NeedsLogin')
    await says(lab, host, 'tailscale', null)
    expect(await measure('tailscaled')).toMatch(/^error: failed to connect to local tailscaled/)
    await lab.inside(host, 'systemctl stop tailscaled')
    expect(await measure('tailscaled')).toBe('fail: tailscaled.service is inactive')
  })
})

describe('every script', () => {
  it('was seen to pass and to fail', () => {
    const wanted = [...distinct, 'nginx', ...Object.keys(servicePages)].filter((name) => name !== 'web-service')
    expect([...seen]).toEqual(expect.arrayContaining(wanted.flatMap((name) => [`${name} pass`, `${name} fail`])))
    // These are no scripts; they are seen in fleet-wide.test.ts.
    const all = [...wanted, 'reachable', 'sshd', 'web-service'].toSorted()
    expect(all.map((name) => `builtin/${name}`)).toEqual(library.names)
  })

  it('is an error on a host without its programs', async () => {
    const told = await Promise.all(distinct.map((name) => measure(name, {}, '/nowhere')))
    const lacks = told.filter((each) => /^error: the host has no program [a-z]+$/.test(each))
    expect(lacks).toHaveLength(distinct.length - 1)
    expect(told[distinct.indexOf('uptime')]).toMatch(/^(pass|fail): up for /)
  })

  it('ends by itself, within its time, whatever its programs do', async () => {
    // These two ask no program.
    const results = (await hanging).filter(([name]) => name !== 'load' && name !== 'uptime')
    expect(Object.fromEntries(results)).toEqual({
      ...Object.fromEntries(results.map(([name]) => [name, 'error'])),
      network: 'fail',
    })
  })
})
