interface Rule {
  /** The values that are refused; null: all of them. */
  readonly refused: RegExp | null
  readonly why: string
}

const ownKey = (key: string): Rule => ({ refused: null, why: `Write it as \`${key}\`, where fleet sees it too.` })
const session: Rule = {
  refused: null,
  why: 'It changes what a session runs or how it ends, and fleet reads the answers of the commands it sends.',
}
const hostKeys = 'without the check, any machine that answers at the address gets root commands.'
const sharing: Rule = {
  refused: null,
  why: 'fleet shares connections by itself, and must open a new one to prove that a host can still be reached.',
}
const localCommand: Rule = {
  refused: null,
  why: 'It runs a program on this machine at every connection; use a hook instead.',
}
const forwarded: Rule = {
  refused: /^(?!no$)/i,
  why: 'It would let a host, or a jump host on the way, use what belongs to this machine.',
}
const environment: Rule = {
  refused: null,
  why: 'fleet sends no host anything of the environment it runs in; set what a host needs in its configuration.',
}
const alive = {
  why: 'fleet ends a connection that has been silent for 15 s, and gives that of deploy-rs the time that an activation and a rollback may take (`activation.timeout`).',
}
const forwarding: Rule = {
  refused: null,
  why: 'fleet forwards nothing: a port that is taken already would make each connection fail. Forward it with `ssh` by hand.',
}
const section: Rule = { refused: null, why: 'It is a section of ssh_config, not an option.' }

const rules: ReadonlyMap<string, Rule> = new Map([
  ['user', ownKey('ssh.user')],
  ['port', ownKey('ssh.port')],
  ['identityfile', ownKey('ssh.identityFile')],
  ['connecttimeout', ownKey('ssh.connectTimeout')],
  ['hostname', ownKey('address')],
  ['batchmode', { refused: /^(?!yes$)/i, why: 'fleet contacts many hosts in parallel and cannot answer a prompt.' }],
  [
    'stricthostkeychecking',
    {
      refused: /^(?!yes$)/i,
      why: `Host keys are always checked: ${hostKeys} Pin the key as \`ssh.hostKey\`, or add it to known_hosts once.`,
    },
  ],
  [
    'nohostauthenticationforlocalhost',
    { refused: /^(?!no$)/i, why: `Host keys are always checked, on this machine too: ${hostKeys}` },
  ],
  [
    'identitiesonly',
    {
      refused: /^(?!yes$)/i,
      why: 'Every further key that ssh tries counts as a failed login, and hosts ban for those.',
    },
  ],
  [
    'numberofpasswordprompts',
    { refused: /^(?!0$)/, why: 'fleet contacts many hosts in parallel and cannot answer a prompt.' },
  ],
  ['clearallforwardings', { ...forwarding, refused: /^(?!yes$)/i }],
  ['localforward', forwarding],
  ['remoteforward', forwarding],
  ['dynamicforward', forwarding],
  ['serveraliveinterval', { ...alive, refused: /^(?!5$)/ }],
  ['serveralivecountmax', { ...alive, refused: /^(?!3$)/ }],
  [
    'connectionattempts',
    {
      refused: /^(?!1$)/,
      why: 'fleet tries a connection again by itself, with growing pauses, and not where a login was refused. `ssh.connectTimeout` says how long one try may take.',
    },
  ],
  [
    'loglevel',
    {
      refused: /^(?!error$)/i,
      why: 'fleet finds out why a connection failed from the errors that ssh prints, and needs those alone. Look closer with `ssh -v` by hand.',
    },
  ],
  ['updatehostkeys', { refused: /^(?!no$)/i, why: 'A host could write keys of its choice into your known_hosts.' }],
  ['controlmaster', sharing],
  ['controlpath', sharing],
  ['controlpersist', sharing],
  ['localcommand', localCommand],
  ['permitlocalcommand', { ...localCommand, refused: /^(?!no$)/i }],
  ['remotecommand', session],
  ['requesttty', { ...session, refused: /^(?!no$)/i }],
  ['sessiontype', session],
  ['stdinnull', session],
  ['forkafterauthentication', session],
  ['forwardagent', forwarded],
  ['forwardx11', forwarded],
  ['forwardx11trusted', forwarded],
  ['gssapidelegatecredentials', forwarded],
  ['tunnel', forwarded],
  ['sendenv', environment],
  ['setenv', environment],
  ['host', section],
  ['match', section],
  ['include', section],
])

/** Why fleet does not pass this ssh_config option on; null: it does. */
export function refusedSshOption(name: string, value: string): string | null {
  const rule = rules.get(name.toLowerCase())
  if (rule === undefined || (rule.refused !== null && !rule.refused.test(value.trim()))) return null
  return `\`${name}: ${value}\` cannot be set. ${rule.why}`
}

/** Options that say whose host keys are believed. */
const whoseKeys = new Set(['hostkeyalias', 'userknownhostsfile', 'globalknownhostsfile'])

/** Why an option has no effect on a host whose key is pinned; null: it has. */
export function overruledByPin(name: string): string | null {
  return whoseKeys.has(name.toLowerCase())
    ? `\`${name}\` has no effect on a host whose key is pinned: \`ssh.hostKey\` alone is believed. Remove one of the two.`
    : null
}
