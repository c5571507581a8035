import type { Lab } from '../lab/lab.ts'

const log = '/run/lab/logins'

/** Ends the host's sshd, and leaves its connections; what it does last, which removes its process file, is waited for. */
const endSshd = `
until [ -e /run/lab/ready ]; do sleep 0.1; done
listener=$(cat /run/lab/sshd.pid) && kill -KILL "$listener"
while kill -0 "$listener" 2>/dev/null; do sleep 0.05; done
rm -f /run/lab/sshd.pid
`

/** Has a host's sshd tell of every login, with more options of its own, e.g. `MaxSessions=1`. */
export async function watchLogins(lab: Lab, host: string, ...options: readonly string[]): Promise<void> {
  const more = options.map((option) => ` -o ${option}`).join('')
  const sshd = `/usr/sbin/sshd -f /etc/ssh/lab_sshd_config -o LogLevel=VERBOSE -E ${log}${more}`
  const answer = await lab.inside(host, `${endSshd}\nrm -f ${log}; ${sshd}`)
  if (answer.code !== 0) throw new Error(`${host} could not start its sshd again: ${answer.stderr}`)
}

/** Starts a host's sshd again: `stay` leaves the connections that there are, `cut` ends them first. */
export async function restartSshd(lab: Lab, host: string, connections: 'stay' | 'cut'): Promise<void> {
  const cut = connections === 'cut' ? '/lab/bin/drop-connections' : ':'
  const answer = await lab.inside(host, `${endSshd}\n${cut}; /lab/bin/start-sshd`)
  if (answer.code !== 0) throw new Error(`${host} could not start its sshd again: ${answer.stderr}`)
}

/** Logins since they are watched, as the host itself tells them. */
export async function loginsOf(lab: Lab, host: string): Promise<number> {
  const { stdout } = await lab.inside(host, `grep -c '^Accepted publickey ' ${log}`)
  return Number(stdout.trim())
}
