/** How a fault is set in a host: the default of its parameter (written into its file), and the commands that make and undo it at once. */
interface Fault {
  readonly says: string
  readonly parameter?: string
  readonly begin?: string
  readonly end?: string
}

const stopSshd = '/lab/bin/stop-sshd; rm -f /run/lab/sshd-stopped'

/** Every fault a host can be given. Those at activation spare the system that runs when the fault is set, so that a rollback works. */
export const faults = {
  'activation-fails': {
    says: 'a snippet of the activation script fails; /run/current-system moves all the same, as in NixOS',
  },
  'activation-aborts': { says: 'the activation script ends before it has changed anything' },
  'unit-fails': { says: 'a unit (parameter) fails while the system is activated: exit 4', parameter: 'dbus.service' },
  'unit-fails-after': { says: 'the activation exits 0, then a unit (parameter) fails', parameter: 'dbus.service' },
  'sshd-stops': {
    says: 'sshd is gone after the activation, with its connections (parameter; stay: they stay); activating another system starts it',
    parameter: 'cut',
    end: '/lab/bin/start-sshd',
  },
  'drop-connection-at-copy': {
    says: 'the connection is cut after so many bytes (parameter) of a copy',
    parameter: '16384',
  },
  'hang-at-copy': { says: 'a copy does not begin until the fault is mended' },
  'drop-connection-at-activate': { says: 'every connection is cut when the activation begins; it goes on' },
  'no-effect': { says: 'switch-to-configuration exits 0 and has done nothing' },
  pours: {
    says: 'the activation prints so many escape characters (parameter) in one line',
    parameter: '104857600',
  },
  speaks: { says: 'the activation prints a text (parameter, for printf %b)', parameter: 'hello' },
  'hang-at-activate': { says: 'the activation does not go on until the fault is mended' },
  'disk-full': {
    says: 'no space is left on /nix',
    begin: 'mount -o remount,size=$(($(df -k --output=used /nix | tail -n 1) + 32))k /nix',
    end: 'mount -o remount,size=$STORE_SIZE /nix',
  },
  'wrong-hostname': {
    says: 'the host says it is called something else',
    begin: 'hostname "$HOST_NAME-wrong"',
    end: 'hostname "$HOST_NAME"',
  },
  'no-sudo': {
    says: 'sudo asks for a password',
    begin: 'echo "%wheel ALL=(ALL:ALL) PASSWD: ALL" >/etc/sudoers.d/fault',
    end: 'rm -f /etc/sudoers.d/fault',
  },
  'refuses-login': {
    says: 'sshd refuses the key',
    begin: 'mv /etc/ssh/authorized_keys.d/sma /lab/authorized_key',
    end: 'mv /lab/authorized_key /etc/ssh/authorized_keys.d/sma',
  },
  'hangs-after-login': { says: 'the login succeeds, then nothing is ever said' },
  floods: {
    says: 'every command over ssh begins and ends with so many bytes (parameter) of escape sequences',
    parameter: '1048576',
  },
  slow: { says: 'every command over ssh begins so many seconds (parameter) late', parameter: '2' },
  'does-not-come-back': { says: 'the host does not answer after its next boot', end: '/lab/bin/start-sshd' },
  unreachable: { says: 'sshd does not run', begin: stopSshd, end: '/lab/bin/start-sshd' },
} as const satisfies Readonly<Record<string, Fault>>

/** The name of a fault. */
export type FaultName = keyof typeof faults

/** The fault of that name; an error that lists them all otherwise. */
export function faultOf(name: string): Fault {
  const found = (faults as Readonly<Record<string, Fault>>)[name]
  if (found === undefined || !Object.hasOwn(faults, name))
    throw new Error(
      `There is no fault '${name}'. Known are:\n${Object.entries(faults)
        .map(([each, { says }]) => `  ${each.padEnd(28)} ${says}\n`)
        .join('')}`,
    )
  return found
}
