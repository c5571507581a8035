import type { Lab } from '../lab/lab.ts'

const log = '/run/lab/logins'

/** Has a host's sshd tell of every login, with more options of its own, e.g. `MaxSessions=1`. */
export async function watchLogins(lab: Lab, host: string, ...options: readonly string[]): Promise<void> {
  const more = options.map((option) => ` -o ${option}`).join('')
  const sshd = `/usr/sbin/sshd -f /etc/ssh/lab_sshd_config -o LogLevel=VERBOSE -E ${log}${more}`
  const again = `kill "$(cat /run/lab/sshd.pid)"; rm -f /run/lab/sshd.pid ${log}; ${sshd}`
  const answer = await lab.inside(host, again)
  if (answer.code !== 0) throw new Error(`${host} could not start its sshd again: ${answer.stderr}`)
}

/** Logins since they are watched, as the host itself tells them. */
export async function loginsOf(lab: Lab, host: string): Promise<number> {
  const { stdout } = await lab.inside(host, `grep -c '^Accepted publickey ' ${log}`)
  return Number(stdout.trim())
}
