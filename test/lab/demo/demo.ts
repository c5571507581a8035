import { fileURLToPath } from 'node:url'
import { DemoShell } from './demo-shell.ts'
import { openLab } from '../lab.ts'
import { layoutOf } from '../hosts/layout.ts'
import { isOwned, readRecord } from '../hosts/record.ts'

// The story of fleet on six lab hosts: every command is run as it is shown, and has to end as the story says.

const root = fileURLToPath(new URL('../../..', import.meta.url))
const directory = `${root}.lab`
const shell = new DemoShell(root)

process.exitCode = await demo()

async function demo(): Promise<number> {
  const record = await readRecord(layoutOf(directory))
  if (record !== undefined && (await isOwned(record))) {
    process.stderr.write('demo: a lab is up in .lab already, and the demo would change its hosts.\n')
    process.stderr.write('demo: take it down first: npm run lab -- down\n')
    return 1
  }
  const begun = performance.now()
  try {
    await story()
    shell.say(`That was fleet, in ${Math.round((performance.now() - begun) / 1000)} seconds. Taking the lab down.`)
    await shell.lab(['down'])
    return 0
  } catch (error) {
    process.stderr.write(`\ndemo: ${error instanceof Error ? error.message : String(error)}\n`)
    await shell.cleanUp(['down'])
    return shell.signal === null ? 1 : shell.signal === 'SIGTERM' ? 143 : 130
  }
}

async function story(): Promise<void> {
  shell.say(
    'Six hosts on this machine, each with its own sshd and Nix store, running systems older than the flake says.',
  )
  await shell.lab(['up'])
  const lab = await openLab(directory)
  shell.use({ ...lab.environment, FLEET_STATE_DIR: `${directory}/fleet-state` })

  shell.say('What would change? A plan contacts every host and changes nothing.')
  await shell.fleet(['plan'], { exit: 0, last: 'Plan: 6 to change (6 reboots), 0 unchanged.' })

  shell.say('The canary first. (The demo says --auto-approve where you would read the plan and type yes.)')
  await shell.fleet(['apply', '--wave', 'canary', '--auto-approve'], { exit: 0, last: complete(1) })

  shell.say('It is healthy. The rest follows, wave by wave.')
  await shell.fleet(['apply', '--auto-approve'], { exit: 0, last: complete(5) })

  shell.say('Is there anything left to do?')
  await shell.fleet(['plan', '--detailed-exitcode'], {
    exit: 0,
    last: 'No changes. Every reachable host runs its planned system.',
  })

  shell.say(
    'One line changes in the flake: another version of Forgejo on grey-area. Exit code 2 says "there are changes".',
  )
  await shell.lab(['set', 'grey-area', 'packages.forgejo', '11.0.8'])
  await shell.fleet(['plan', '--detailed-exitcode'], { exit: 2, last: 'Plan: 1 to change (1 reboot), 5 unchanged.' })

  shell.say('Then a change to all hosts is committed whose activation fails on limiting-factor.')
  await shell.lab(['set', '*', 'packages.openssl', '3.4.4'])
  await shell.lab(['set', 'limiting-factor', 'broken', 'activation'])
  const before = await generations()
  await shell.fleet(['apply', '--auto-approve'], {
    exit: 3,
    last: 'Apply failed: 0 changed, 1 failed (rolled back), 5 not started.',
  })

  shell.say('The canary took the blow and went back to its old system. The other five were not touched:')
  await shell.lab(['status'])
  const after = await generations()
  for (const [host, generation] of before) {
    if (host !== 'limiting-factor' && after.get(host) !== generation)
      throw new Error(`${host} was touched, and must not be`)
  }
}

function complete(changed: number): string {
  return `Apply complete: ${changed} changed, 0 failed, 0 not started.`
}

async function generations(): Promise<ReadonlyMap<string, string>> {
  const hosts = await (await openLab(directory)).status()
  return new Map(hosts.map(({ name, generation, running }) => [name, `${generation} ${running}`]))
}
