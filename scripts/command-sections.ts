import { parseArguments } from '../src/cli/arguments/arguments.ts'

/** What `--help` prints, of fleet and of each of its commands in the order in which it lists them. */
export function commandSections(): string {
  const help = (...argv: readonly string[]) => {
    const parsed = parseArguments([...argv, '--help'], '')
    if (parsed.ok || parsed.exitCode !== 0) throw new Error(`fleet ${argv.join(' ')} --help does not help`)
    return parsed.stdout.trim()
  }
  const whole = help()
  const commands = [...((whole.split('\nCommands:\n')[1] ?? '').split('\n\n')[0]?.matchAll(/^ {2}([a-z]+)/gm) ?? [])]
  const names = commands.map(([, name = '']) => name).filter((name) => name !== 'help')
  const page = (title: string, text: string) => `## ${title}\n\n\`\`\`\n${text}\n\`\`\`\n`
  const own = (text: string) => text.split('\n\nGlobal Options:')[0] ?? text
  return [page('fleet', whole), ...names.map((name) => page(`fleet ${name}`, own(help(name))))].join('\n')
}
