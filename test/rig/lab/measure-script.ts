import { expect } from 'vitest'
import { quote } from '../../../src/model/text/quote.ts'
import { milliseconds } from '../../../src/model/fleet/duration.ts'
import type { Lab } from '../../lab/lab.ts'
import { ask, run } from '../../lab/run.ts'
import { library } from '../files/fleet-file.ts'

/** Each script is asked under each of these, and has to say the same. The lab plays a bash of its own, so by path. */
const shells = ['/bin/dash', '/bin/bash --posix']

/** How a host is asked. */
export interface Asking {
  readonly vars?: Readonly<Record<string, string>>
  /** Where the script finds its programs, `$PATH` being where a login finds them. */
  readonly path?: string
}

/** Opens the connection that all measurements of a host share, which makes them quick. */
export async function shareConnection(lab: Lab, host: string): Promise<void> {
  await run('ssh', [...shared(lab), '-o', 'ControlMaster=yes', '-o', 'ControlPersist=120', host, 'true'])
}

function shared(lab: Lab): readonly string[] {
  return ['-F', lab.layout.sshConfig, '-o', `ControlPath=${lab.layout.ssh}/%n`]
}

/** One attempt of a ready-made check that is a script, by plain ssh: pass, fail or error, and the last line that it said. */
export async function measureScript(lab: Lab, host: string, name: string, { vars, path }: Asking): Promise<string> {
  const check = library.find(`builtin/${name}`)?.check
  if (check?.type !== 'command' || typeof check.run !== 'string') throw new Error(`bug: ${name} is no script`)
  const values = Object.entries({ ...check.vars, ...vars }).map(([key, value]) => `export ${key}=${quote(value)}\n`)
  const seconds = milliseconds(check.timeout ?? '10s') / 1000
  const script = `${values.join('')}export PATH="${path ?? '$PATH'}"\n${check.run}`
  const answers = await Promise.all(
    shells.map((shell) =>
      ask('ssh', [...shared(lab), host, `timeout -s KILL ${seconds} ${shell} -c ${quote(script)} </dev/null`]),
    ),
  )
  const told = answers.map(({ code, stdout, stderr }) => {
    const result = code === 0 ? 'pass' : code === 75 ? 'error' : code === 1 ? 'fail' : `killed or broken (${code})`
    return `${result}: ${stdout.trimEnd().split('\n').at(-1)}${stderr === '' ? '' : ` [${stderr}]`}`
  })
  // Times and loads differ from one asking to the next.
  expect(new Set(told.map((each) => each.replaceAll(/[\d.]+/g, '0'))).size, told.join('\n')).toBe(1)
  return told[0] ?? ''
}
