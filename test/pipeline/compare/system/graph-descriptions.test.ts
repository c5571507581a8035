import { describe, expect, it } from 'vitest'
import { type Derivation } from '../../../../src/model/nix/derivation.ts'
import { nodeOf } from '../../../../src/model/nix/derivation-graph.ts'
import { etcEntries } from '../../../../src/pipeline/compare/system/graph-etc.ts'
import { graphTexts } from '../../../../src/pipeline/compare/system/graph-texts.ts'
import { graphUnits } from '../../../../src/pipeline/compare/system/graph-units.ts'
import { storePath } from '../../../rig/samples/system.ts'

function derivation(name: string, env: Readonly<Record<string, string>>, digit = 0): Derivation {
  return {
    path: storePath(`${name}.drv`, digit),
    name,
    outputs: new Map([['out', { path: storePath(name, digit), hash: null }]]),
    inputs: new Map(),
    sources: [],
    platform: 'x86_64-linux',
    builder: '/bin/sh',
    args: [],
    env: new Map(Object.entries(env)),
  }
}

const plain = { mode: 'symlink', user: '+0', group: '+0' }

describe('the /etc map of a derivation', () => {
  it('is read from its makeEtcEntry lines, quotes and globs included, the definition left out', () => {
    const buildCommand = `
makeEtcEntry() {
  src="$1"
}
mkdir -p "$out/etc"
makeEtcEntry ${storePath('etc-a')} a symlink +0 +0
makeEtcEntry ${storePath('sudoers')} sudoers 0440 +0 +0
makeEtcEntry '${storePath('rules')}/*.rules' 'udev/rules.d' symlink root root
makeEtcEntry /proc/mounts mtab direct-symlink
makeEtcEntry ${storePath('x')} 'it'\\''s here'
makeEtcEntry ${storePath('x')}/lib/../share/turn turn
`
    expect(Object.fromEntries(etcEntries(derivation('etc', { buildCommand })) ?? [])).toEqual({
      a: { ...plain, source: storePath('etc-a') },
      sudoers: { ...plain, mode: '0440', source: storePath('sudoers') },
      'udev/rules.d': { mode: 'symlink', user: 'root', group: 'root', source: `${storePath('rules')}/*.rules` },
      mtab: { ...plain, mode: 'direct-symlink', source: '/proc/mounts' },
      "it's here": { ...plain, source: storePath('x') },
      turn: { ...plain, source: `${storePath('x')}/share/turn` },
    })
  })

  it('is read from the parallel lists of 20.09', () => {
    const lists = { sources: '/a /b', targets: 'x y', modes: 'symlink 0440', users: '+0 +1', groups: '+0 +2' }
    expect(Object.fromEntries(etcEntries(derivation('etc', lists)) ?? [])).toEqual({
      x: { ...plain, source: '/a' },
      y: { mode: '0440', user: '+1', group: '+2', source: '/b' },
    })
  })

  it('is unknown in any other form', () => {
    expect(etcEntries(derivation('etc', { buildCommand: 'mkdir $out' }))).toBeNull()
    expect(etcEntries(derivation('etc', { sources: 'a b', targets: 'x' }))).toBeNull()
  })
})

describe('the units of system-units', () => {
  const unit = (file: string, buildCommand: string) => derivation(`unit-${file}`, { text: '[Unit]\n', buildCommand })
  const units = [
    unit('sshd.service', 'name=sshd.service\nmkdir -p "$out"\necho -n "$text" > "$out/$name"\n'),
    unit('a-.service', `name='a@.service'\nmkdir -p "$out"\necho -n "$text" > "$out/$name"\n`),
    unit('old.service', 'mkdir -p $out\necho -n "$text" > $out/old.service\n'),
    unit('off.service', 'mkdir -p $out\nln -s /dev/null $out/off.service\n'),
    unit('getty-.service', 'name=getty@.service\necho -n "$text" > "$out/$name"\n'),
    unit('more.service', 'name=more.service\necho -n "$text" > "$out/$name"\n'),
  ]
  const nodes = new Map(units.map((found) => [storePath(found.name), nodeOf(found, '')]))
  const list = (...names: readonly string[]) => names.map((name) => storePath(`unit-${name}`)).join(' ')
  const buildCommand = `
mkdir -p $out
for i in basic.target getty@.service; do
  fn=${storePath('systemd-257')}/example/systemd/system/$i
  if ! [ -e $fn ]; then echo "missing $fn"; false; fi
  ln -s "$fn" $out/
done
for i in multi-user.target.wants; do
  fn=${storePath('systemd-257')}/example/systemd/system/$i
done
packages="${storePath('dbus-1.14', 2)} ${storePath('opaque-1.0')}"
declare -A unique_packages
for k in $packages ; do unique_packages[$k]=1 ; done
for i in \${!unique_packages[@]}; do
  for fn in $i/etc/systemd/system/* $i/lib/systemd/system/*; do
    ln -s "$fn" $out/
  done
done
for i in ${list('sshd.service', 'a-.service', 'old.service', 'off.service', 'getty-.service')}; do
  fn=$(basename $i/*)
  ln -fs $i/$fn $out/
done
for i in ${list('more.service')}; do
  fn=$(basename $i/*)
  mkdir -p $out/$fn.d
  ln -s $i/$fn $out/$fn.d/overrides.conf
done
ln -sfn 'sshd.service' $out/'ssh.service'
mkdir -p $out/'multi-user.target.wants'
ln -sfn '../sshd.service' $out/'multi-user.target.wants'/
ln -s multi-user.target $out/default.target
`
  const before = [{ name: 'dbus.service', target: `${storePath('dbus-1.12', 1)}/lib/systemd/system/dbus.service` }]
  const found = graphUnits(derivation('system-units', { buildCommand }), (path) => nodes.get(path), before)
  const files = (name: string) => found?.files.get(name)

  it('are those of systemd, of packages as an earlier system had them, and of the configuration', () => {
    expect(files('basic.target')?.main).toBe(`${storePath('systemd-257')}/example/systemd/system/basic.target`)
    expect(files('dbus.service')?.main).toBe(`${storePath('dbus-1.14', 2)}/lib/systemd/system/dbus.service`)
    expect(found?.opaque).toEqual([storePath('opaque-1.0')])
    expect(files('sshd.service')?.main).toBe(`${storePath('unit-sshd.service')}/sshd.service`)
    expect(files('a@.service')?.main).toBe(`${storePath('unit-a-.service')}/a@.service`)
    expect(files('old.service')?.main).toBe(`${storePath('unit-old.service')}/old.service`)
  })

  it('are masked, overridden and aliased as the script does', () => {
    expect(files('off.service')?.main).toBe('/dev/null')
    expect(files('getty@.service')).toEqual({
      main: `${storePath('systemd-257')}/example/systemd/system/getty@.service`,
      dropIns: [`${storePath('unit-getty-.service')}/getty@.service`],
    })
    expect(files('more.service')).toEqual({ main: null, dropIns: [`${storePath('unit-more.service')}/more.service`] })
    expect(files('ssh.service')?.main).toBe(files('sshd.service')?.main)
    expect(found?.wants.get('multi-user.target')).toEqual(['sshd.service'])
  })

  it('have their texts under the paths that they will have; what a program writes anew is not known', () => {
    const conf = derivation('nginx.conf', { text: 'x', buildCommand: 'cp $textPath $out; nginxfmt $out' })
    const script = derivation('start', {
      text: 'y',
      destination: '/bin/start',
      buildCommand: 'target=$out$destination; mv "$textPath" "$target"',
    })
    const all = [...units, conf, script].map((each) => [each.path, nodeOf(each, '')] as const)
    expect([...graphTexts({ root: '', store: '/nix/store', nodes: new Map(all) }).keys()]).toEqual([
      `${storePath('unit-sshd.service')}/sshd.service`,
      `${storePath('unit-a-.service')}/a@.service`,
      `${storePath('unit-old.service')}/old.service`,
      `${storePath('unit-getty-.service')}/getty@.service`,
      `${storePath('unit-more.service')}/more.service`,
      `${storePath('start')}/bin/start`,
    ])
  })
})
