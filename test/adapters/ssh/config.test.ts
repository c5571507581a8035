import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Inherited, inheritedLines, sshConfig } from '../../../src/adapters/ssh/config.ts'
import { isDecided } from '../../../src/model/fleet/node-ssh-options.ts'
import type { HostSettings } from '../../../src/model/plan/plan-schema.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-ssh-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const plain = sampleSettings('web-1').ssh

function configOf(
  ssh: Partial<HostSettings['ssh']> = {},
  knownHosts: string | null = null,
  inherited: Inherited = null,
): string {
  const settings = sampleSettings('web-1', { address: ['web-1.example', '10.0.0.8'], ssh: { ...plain, ...ssh } })
  return sshConfig({ name: 'web-1', settings }, { directory: '/srv/lab', knownHosts, inherited, knowsGssapi: true })
}

/** What `ssh -G` makes of a configuration; the operator's files are replaced by `operators`. */
function resolved(config: string, operators = '', address = 'web-1.example'): string {
  const [file, own] = [join(folder, 'config'), join(folder, 'operators')]
  writeFileSync(own, operators)
  const includes = config.replace(/^ {2}Include .*\.ssh\/config.*$/m, `  Include ${own}`)
  writeFileSync(file, includes.replace(/^ {2}Include \/etc.*$/m, ''), { mode: 0o600 })
  return execFileSync('ssh', ['-G', '-F', file, address], { encoding: 'utf8' })
}

/** The same by option; of several lines for one option the last. */
function asRead(config: string, operators = '', address = 'web-1.example'): ReadonlyMap<string, string> {
  return new Map(
    resolved(config, operators, address)
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
}

function picked(config: string, operators: string, ...names: readonly string[]) {
  const read = asRead(config, operators)
  return Object.fromEntries(names.map((name) => [name, read.get(name) ?? null]))
}

test('a host that says nothing gets what fleet insists on, and the operator’s own files', () => {
  expectGolden('ssh/plain.txt', configOf().replaceAll(homedir(), '~'))
})

test('everything that fleet.yaml says is bound to the addresses of the host', () => {
  const config = configOf(
    {
      user: 'sma',
      port: 2222,
      identityFile: '~/.ssh/id_ed25519_admin',
      connectTimeoutMs: 1200,
      hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE',
      options: { ProxyJump: 'bastion.example', Compression: 'yes' },
    },
    '/run/fleet/web-1.known_hosts',
  )
  expectGolden('ssh/everything.txt', config.replaceAll(homedir(), '~'))
})

test('what fleet.yaml says wins over the operator’s own files, which say the rest', () => {
  const config = configOf({ user: 'sma', port: 2222, connectTimeoutMs: 1200, options: { Compression: 'yes' } })
  const operators = 'Host *\n  User nobody\n  Port 1\n  ConnectTimeout 99\n  Compression no\n  ProxyJump bastion\n'
  expect(picked(config, operators, 'user', 'port', 'connecttimeout', 'compression', 'proxyjump')).toEqual({
    user: 'sma',
    port: '2222',
    connecttimeout: '2',
    compression: 'yes',
    proxyjump: 'bastion',
  })
})

test('a host that says nothing is reached as the operator’s own files say', () => {
  expect(picked(configOf(), 'Host web-1.*\n  User admin\n  HostName 192.0.2.7\n', 'user', 'hostname')).toEqual({
    user: 'admin',
    hostname: '192.0.2.7',
  })
})

const insisted = {
  stricthostkeychecking: 'true',
  batchmode: 'yes',
  controlmaster: 'false',
  controlpath: null,
  nohostauthenticationforlocalhost: 'no',
  numberofpasswordprompts: '0',
  forwardagent: 'no',
  forwardx11: 'no',
  forwardx11trusted: 'no',
  gssapidelegatecredentials: 'no',
  tunnel: 'false',
  sendenv: null,
  setenv: 'LC_ALL=C',
  clearallforwardings: 'yes',
  permitlocalcommand: 'no',
  requesttty: 'false',
  remotecommand: null,
}
const contrary = {
  StrictHostKeyChecking: 'no',
  BatchMode: 'no',
  ControlMaster: 'auto',
  ControlPath: '/tmp/%C',
  NoHostAuthenticationForLocalhost: 'yes',
  NumberOfPasswordPrompts: '3',
  ForwardAgent: 'yes',
  ForwardX11: 'yes',
  ForwardX11Trusted: 'yes',
  GSSAPIDelegateCredentials: 'yes',
  Tunnel: 'yes',
  SendEnv: 'AWS_* GITHUB_TOKEN',
  SetEnv: 'GITHUB_TOKEN=ghs_of_the_operator',
  ClearAllForwardings: 'no',
  PermitLocalCommand: 'yes',
  UpdateHostKeys: 'yes',
  RequestTTY: 'force',
  RemoteCommand: 'tmux attach',
}

test('nothing in the operator’s own files weakens what fleet insists on', () => {
  const operators = Object.entries(contrary).map(([name, value]) => `${name} ${value}\n`)
  expect(picked(configOf(), operators.join(''), ...Object.keys(insisted))).toEqual(insisted)
})

test('nothing in ssh.options weakens what fleet insists on', () => {
  expect(picked(configOf({ options: contrary }), '', ...Object.keys(insisted))).toEqual(insisted)
})

test('a jump host is not reached with the login and the key of the host behind it', () => {
  const config = configOf({ user: 'sma', port: 2222, options: { ProxyJump: 'bastion' } }, '/run/fleet/known_hosts')
  const read = asRead(config, 'Host bastion\n  User jumper\n', 'bastion')
  const names = ['user', 'port', 'hostkeyalias', 'proxyjump', 'stricthostkeychecking']
  expect(names.map((name) => read.get(name))).toEqual(['jumper', '22', undefined, undefined, 'true'])
})

test('every address of the host is reached with its login', () => {
  const config = configOf({ user: 'sma' })
  expect(['web-1.example', '10.0.0.8'].map((address) => asRead(config, '', address).get('user'))).toEqual([
    'sma',
    'sma',
  ])
})

test('a pinned key is the only one that is believed, under the name of the host', () => {
  const file = '/run/user/1000/fleet ssh/web-1.known_hosts'
  const operators = 'UserKnownHostsFile /dev/null\nGlobalKnownHostsFile /etc/elsewhere\nHostKeyAlias other\n'
  expect(picked(configOf({}, file), operators, 'userknownhostsfile', 'globalknownhostsfile', 'hostkeyalias')).toEqual({
    userknownhostsfile: file,
    globalknownhostsfile: 'none',
    hostkeyalias: 'web-1',
  })
})

test.each([
  ['~/.ssh/id', join(homedir(), '.ssh/id')],
  ['keys/deploy', '/srv/lab/keys/deploy'],
  ['../keys/a key', '/srv/keys/a key'],
  ['/etc/fleet/id', '/etc/fleet/id'],
])('the key file %s is %s, wherever the operator stands', (identityFile, expected) => {
  expect(picked(configOf({ identityFile }), '', 'identityfile', 'identitiesonly')).toEqual({
    identityfile: expected,
    identitiesonly: 'yes',
  })
})

test.each([
  ['UserKnownHostsFile', 'known_hosts', '/srv/lab/known_hosts'],
  ['UserKnownHostsFile', '~/own ~/shared', '~/own ~/shared'.replaceAll('~', homedir())],
  ['CertificateFile', 'keys/id-cert.pub', '/srv/lab/keys/id-cert.pub'],
  ['IdentityAgent', 'none', 'none'],
  ['IdentityAgent', '%d/agent', join(homedir(), 'agent')],
])('the option %s %s is read as %s', (name, value, expected) => {
  // Of several files, and of what ssh expands, ssh makes paths by itself.
  const read = asRead(configOf({ options: { [name]: value } })).get(name.toLowerCase())
  expect(read).toBe(expected)
})

test('a time-out below a second is one second, the least that ssh knows', () => {
  expect(picked(configOf({ connectTimeoutMs: 1 }), '', 'connecttimeout')).toEqual({ connecttimeout: '1' })
})

test('where fleet.yaml names the key, no other key is ever offered, and the rest of the operator’s files still counts', () => {
  const ssh = { user: 'sma', identityFile: '/keys/admin' }
  const operators = 'Host *.example\n  IdentityFile /keys/development\n  ProxyJump bastion\n  User nobody\n'
  const identities = (text: string) => text.split('\n').filter((line) => line.startsWith('identityfile '))
  const draft = resolved(configOf(ssh), operators)
  expect(identities(draft)).toEqual(['identityfile /keys/admin', 'identityfile /keys/development'])
  const final = configOf(ssh, null, new Map([['web-1.example', inheritedLines(draft)]]))
  expect(identities(resolved(final, operators))).toEqual(['identityfile /keys/admin'])
  expect(picked(final, operators, 'user', 'proxyjump', 'identitiesonly')).toEqual({
    user: 'sma',
    proxyjump: 'bastion',
    identitiesonly: 'yes',
  })
  expect(asRead(final, operators, 'bastion.example').get('user')).toBe('nobody')
})

test('no node of a flake decides what fleet insists on, also for the command deploy', () => {
  const [all = ''] = configOf().split('\nMatch')
  const names = [...all.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(15)
  const open = [...names, 'SendEnv', 'LocalCommand'].filter((name) => !isDecided(`${name} x`, plain))
  expect(open).toEqual([])
})

test('a session of a person may ask for a passphrase, never for a password, and has its terminal', () => {
  const host = { name: 'web-1', settings: sampleSettings('web-1') }
  const given = { directory: '/srv/lab', knownHosts: null, inherited: null, knowsGssapi: false }
  const [program, person] = [sshConfig(host, given), sshConfig(host, { ...given, isForPerson: true })]
  const lines = (text: string) => text.split('\n').map((line) => line.trim())
  expect(lines(program).filter((line) => !lines(person).includes(line))).toEqual([
    'BatchMode yes',
    'NumberOfPasswordPrompts 0',
    'SetEnv LC_ALL=C',
    'RequestTTY no',
  ])
  expect(lines(person).filter((line) => !lines(program).includes(line))).toEqual([
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
  ])
})
