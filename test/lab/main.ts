import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { generatedHosts, homeLab, withSystemd } from './description.ts'
import { faultOf, type FaultName } from './faults.ts'
import { openLab, startLab } from './lab.ts'
import { layoutOf } from './hosts/layout.ts'
import { readRecord } from './hosts/record.ts'
import { sweep } from './hosts/sweep.ts'

const usage = `Usage: npm run lab -- COMMAND [--dir DIRECTORY]

  up [--hosts N] [--converged] [--systemd]
                                    bring the six hosts up, or N generated ones; with a real systemd in containers
  down                              stop them and remove what they left
  status                            a line for each host
  ssh HOST [COMMAND…]               a shell on a host, or one command
  set HOST KEY VALUE [--dirty]      change one value in the lab's flake ('*': on all hosts) and commit it
  break HOST FAULT [PARAMETER]      make something go wrong on a host (a wrong name lists the faults); spares the system
                                    that runs now, unless --always is given
  mend HOST [FAULT]                 undo one fault, or all
  reboot HOST                       end the host's processes and boot its default system
  env                               what to export so that Nix and ssh find the lab by hand
`

const root = fileURLToPath(new URL('../..', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string' },
    hosts: { type: 'string' },
    systemd: { type: 'boolean', default: false },
    converged: { type: 'boolean', default: false },
    dirty: { type: 'boolean', default: false },
    always: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const directory = values.dir ?? `${root}.lab`

try {
  process.exitCode = await command(positionals)
} catch (error) {
  process.stderr.write(`lab: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function command([verb, ...args]: readonly string[]): Promise<number> {
  const [first, second, third] = args
  switch (verb) {
    case 'up': {
      const count = values.hosts === undefined ? undefined : Number(values.hosts)
      if (count !== undefined && !(Number.isInteger(count) && count > 0))
        return wrong(`--hosts wants a number, not '${values.hosts}'`)
      const hosts = count === undefined ? homeLab : generatedHosts(count)
      const begun = performance.now()
      const lab = await startLab({
        hosts: values.systemd ? withSystemd(hosts) : hosts,
        directory,
        start: values.converged ? 'converged' : 'installed',
        life: 'detached',
        // The project's fleet.yaml names the addresses of the lab in .lab; any other lab takes a free network.
        network: values.dir === undefined ? 'default' : 'any',
        onProgress: (text) => process.stderr.write(`lab: ${text}\n`),
      })
      process.stderr.write(
        `lab: ${lab.hosts.length} hosts are up after ${((performance.now() - begun) / 1000).toFixed(1)} s (${lab.directory})\n`,
      )
      return 0
    }
    case 'down': {
      const record = await readRecord(layoutOf(directory))
      await sweep([directory])
      if (record === undefined) process.stderr.write('lab: nothing is up\n')
      else if ((await readRecord(layoutOf(directory))) !== undefined) await (await openLab(directory)).stop()
      return 0
    }
    case 'status': {
      const rows = (await (await openLab(directory)).status()).map((host) => [
        host.name,
        host.address,
        host.ssh === 'answers' ? 'up' : 'down',
        `generation ${host.generation}`,
        host.running.replace('/nix/store/', ''),
        host.failedUnits.length === 0 ? 'no failed units' : `failed: ${host.failedUnits.join(', ')}`,
        host.faults.length === 0 ? '' : `faults: ${host.faults.join(', ')}`,
      ])
      const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
      for (const row of rows)
        process.stdout.write(
          `${row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd()}\n`,
        )
      return 0
    }
    case 'ssh': {
      if (first === undefined) return wrong('ssh wants a HOST')
      const lab = await openLab(directory)
      if (!lab.hosts.some(({ name }) => name === first)) return wrong(`there is no host '${first}'`)
      return new Promise((ended, failed) => {
        const child = spawn('ssh', ['-F', lab.layout.sshConfig, first, ...args.slice(1)], { stdio: 'inherit' })
        child.once('error', failed)
        child.once('exit', (code) => ended(code ?? 255))
      })
    }
    case 'set':
      if (first === undefined || second === undefined || third === undefined) return wrong('set wants HOST KEY VALUE')
      await (await openLab(directory)).set(first, second, third, { commit: !values.dirty })
      return 0
    case 'break': {
      if (first === undefined || second === undefined) return wrong('break wants HOST FAULT')
      faultOf(second)
      await (
        await openLab(directory)
      ).break(first, second as FaultName, {
        spare: values.always ? 'nothing' : 'running',
        ...(third === undefined ? {} : { parameter: third }),
      })
      return 0
    }
    case 'mend': {
      if (first === undefined) return wrong('mend wants HOST')
      if (second !== undefined) faultOf(second)
      await (await openLab(directory)).mend(first, second as FaultName | undefined)
      return 0
    }
    case 'reboot':
      if (first === undefined) return wrong('reboot wants HOST')
      await (await openLab(directory)).reboot(first)
      return 0
    case 'env': {
      const lab = await openLab(directory)
      const variables = { ...lab.environment, NIX_SSHOPTS: `-F ${lab.layout.sshConfig}` }
      for (const [name, value] of Object.entries(variables))
        process.stdout.write(`export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
      return 0
    }
    default:
      return values.help
        ? (process.stdout.write(usage), 0)
        : wrong(verb === undefined ? 'a command is missing' : `'${verb}' is no command`)
  }
}

function wrong(reason: string): number {
  process.stderr.write(`lab: ${reason}\n\n${usage}`)
  return 64
}
