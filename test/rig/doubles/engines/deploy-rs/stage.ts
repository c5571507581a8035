import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ask } from '../../../../lab/run.ts'
import { shellWords } from '../../../../../src/model/text/shell-words.ts'
import type { Transcript } from '../../../files/transcripts.ts'
import { activateDouble, writeDeploy } from '../deploy-rs.ts'

/** What a recorded situation needs beyond what the recording itself tells. */
export interface Situation {
  /** Shell commands by the beginning of the remote command that they stand for, after the host. */
  readonly ssh?: Readonly<Record<string, string>>
  /** What the profile's script waits for; default: that somebody waits for the activation, where the recording has one. */
  readonly until?: Mark
  /** How long a second takes, in seconds; default: 1. Shorter where time must pass. */
  readonly second?: string
  /** Where the script's own line goes; default: standard error. */
  readonly scriptTo?: 'stdout' | 'stderr'
  readonly hasCanary?: boolean
  readonly hasOlder?: boolean
  /** The generation that a rollback would leave is there already. */
  readonly hasBoth?: boolean
}

/** What a stage makes known as it happens: somebody waits, has stopped waiting, has removed the canary, begins to revoke. */
type Mark = 'waiting' | 'wait-ended' | 'rm-ended' | 'revoke-began' | 'activate-ended'

/** Shell that waits for a mark. */
export function untilMark(mark: Mark): string {
  return `until [ -e "$STAGE/${mark}" ]; do sleep 0.02; done`
}

/** What a run of `deploy` on a stage printed and started. */
export interface Performance {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Words of every child process, in order of start. */
  readonly commands: readonly (readonly string[])[]
}

/**
 * A machine on which a recording is played: `nix`, `nix-env` and `ssh` are stand-ins that say what theirs said, paths are
 * looked for below a directory, and a second may be shorter.
 */
export class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-deploy-rs-stage-'))
  readonly #transcript: Transcript
  readonly #second: string

  constructor(transcript: Transcript, situation: Situation) {
    this.#transcript = transcript
    this.#second = situation.second ?? '1'
    mkdirSync(join(this.directory, 'bin'))
    mkdirSync(join(this.directory, 'scratch/tmp'), { recursive: true })
    writeFileSync(join(this.directory, 'commands'), '')
    writeDeploy(join(this.directory, 'bin'))
    for (const [name, text] of Object.entries(programs)) this.#program(join('bin', name), text)
    for (const profile of profilesIn(transcript)) this.#profile(profile, situation)
    this.#nix()
    const rules = Object.entries(situation.ssh ?? {})
    this.#write(
      'ssh-rules',
      rules.map(([start, act]) => `case "$host $command" in\n*' '${start}*) ${act} ;;\nesac\n`).join(''),
    )
  }

  /** Runs `deploy` with the recorded arguments and waits until all that it started has ended. */
  async perform(): Promise<Performance> {
    const { NIX_SSHOPTS: _, RUST_LOG: __, ...own } = process.env
    const environment = {
      ...own,
      PATH: `${join(this.directory, 'bin')}:${process.env['PATH'] ?? ''}`,
      FLEET_DOUBLE_ROOT: this.directory,
      FLEET_DOUBLE_SECOND: this.#second,
      STAGE: this.directory,
    }
    const [, ...args] = shellWords(this.#transcript.argv.replaceAll(/#("[^ ]*)/g, "'#$1'")) ?? []
    // The streams are the children's too: their end is the end of them all.
    const { code, stdout, stderr } = await ask('deploy', args, { environment })
    const commands = readFileSync(join(this.directory, 'commands'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\u001F').slice(0, -1))
    return { code, stdout, stderr, commands }
  }

  close(): void {
    rmSync(this.directory, { recursive: true })
  }

  #program(path: string, text: string): void {
    this.#write(path, `#!/bin/sh\n${text}`)
    chmodSync(join(this.directory, path), 0o755)
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true })
    writeFileSync(join(this.directory, path), text)
  }

  /** A profile's path with its scripts, and the generations that are there before. */
  #profile({ node, path, link, lines, generation }: StagedProfile, situation: Situation): void {
    const [first = '', last = first] = lines
    const to = situation.scriptTo === 'stdout' ? '' : ' >&2'
    const isAwaited = /\[wait\].*Waiting for confirmation/.test(this.#transcript.stderr)
    const mark = situation.until ?? (isAwaited ? 'waiting' : null)
    const script = (line: string) => `${mark === null ? '' : untilMark(mark)}\necho "${line}"${to}\n`
    if (!this.#transcript.name.startsWith('no-activation')) {
      // What the script's line holds of the environment is in its brackets.
      this.#program(`${path}/deploy-rs-activate`, `${script(first)}${exitOf(this.#transcript)}`)
      this.#program(`${path}/activate-rs`, 'exit 99\n')
    } else this.#write(`${path}/nothing`, '')
    const older = `/nix/store/${'0'.repeat(32)}-older-${node}`
    this.#program(`${older}/deploy-rs-activate`, `echo "${last}"${to}\n`)
    const profile = join(this.directory, link)
    mkdirSync(dirname(profile), { recursive: true })
    if (situation.hasOlder !== false) {
      symlinkSync(join(this.directory, older), `${profile}-${generation - 1}-link`)
      const current = situation.hasBoth === true ? generation : generation - 1
      if (current === generation) symlinkSync(join(this.directory, path), `${profile}-${generation}-link`)
      symlinkSync(`${profile}-${current}-link`, profile)
    }
    this.#write(`next/${link}`, String(generation))
    if (situation.hasCanary === true)
      this.#write(`scratch/tmp/deploy-rs-canary-${path.slice('/nix/store/'.length, path.indexOf('-'))}`, '')
  }

  #nix(): void {
    const { stderr } = this.#transcript
    const between = (start: RegExp, end: RegExp) => {
      const from = start.exec(stderr)
      if (from === null) return ''
      const rest = stderr.slice(from.index).split('\n').slice(1)
      const until = rest.findIndex((line) => end.test(line))
      return rest.slice(0, until === -1 ? rest.length : until).join('\n')
    }
    this.#write('evaluation-says', `${between(/^.*Evaluating flake/m, /\[deploy\]/)}\n`)
    this.#write('evaluation-exit', /Evaluation resulted/.test(stderr) ? '1' : '0')
    const profiles = profilesIn(this.#transcript)
    const isNobodys = this.#transcript.name === 'no-user'
    const nodes: readonly (readonly [string, unknown])[] = isNobodys
      ? [['nouser', { hostname: 'nouser', profiles: { system: { path: '/nix/store/x' } } }] as const]
      : profiles.map(({ node, hostname, path, link }) => {
          const profile = { path, ...(link.endsWith('/system') ? {} : { profilePath: link }) }
          return [node, { hostname, profiles: { system: profile } }] as const
        })
    const tempPath = this.#transcript.name === 'temp-path-missing' ? '/scratch/nosuch' : '/scratch/tmp'
    const users = isNobodys ? {} : { user: 'root', sshUser: 'root' }
    this.#write('evaluation', JSON.stringify({ nodes: Object.fromEntries(nodes), tempPath, ...users }))
    for (const { node, path } of profiles) {
      const built = new RegExp(`Building profile .* for node \`${node}\``)
      const says = between(built, /\[deploy\]/)
      this.#write(`build-says/${path}`, says === '' ? '' : `${says}\n`)
      this.#write(`derivation/${path}`, this.#derivationOf(path))
    }
    this.#write('build-exit', /^error: /m.test(stderr) && /Failed to build/.test(stderr) ? '1' : '0')
  }

  /** The derivation that `nix show-derivation` named for a path, by what was asked next. */
  #derivationOf(path: string): string {
    const { commands } = this.#transcript
    const at = commands.findIndex((line) => line === `nix show-derivation ${path}`)
    return commands[at + 1]?.split(' ').at(-1) ?? `${path}.drv`
  }
}

interface StagedProfile {
  readonly node: string
  readonly hostname: string
  readonly path: string
  /** The profile's link. */
  readonly link: string
  /** What the new and the older system's scripts print. */
  readonly lines: readonly string[]
  /** Number of the generation that is to be made. */
  readonly generation: number
}

/** The profiles that a recording is about, in its order. */
function profilesIn({ stderr, stdout, commands }: Transcript): readonly StagedProfile[] {
  const blocks = stderr.matchAll(/^\[(\S+)\.system\]\n(?:.*\n)*?path = "(.*)"\nhostname = "(.*)"\n/gm)
  return [...blocks].map(([, node = '', path = '', hostname = '']) => {
    const hasPath = commands.some((line) => line.includes(`--profile-path '/nix/var/nix/profiles/test-${node}'`))
    const link = `/nix/var/nix/profiles/${hasPath || commands.length > 0 ? `test-${node}` : 'system'}`
    const lines = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => (line.startsWith('[switch') && line.includes(node)) || line.startsWith('switching ('))
    const [, version = '2'] = /from version (\d+) to/.exec(stderr) ?? []
    return { node, path, hostname, link, lines, generation: stdout.includes('[switch] bad') ? 1 : Number(version) }
  })
}

function exitOf({ stderr }: Transcript): string {
  return /(script|rollback) resulted in a bad exit code/.test(stderr) ? 'exit 1\n' : 'exit 0\n'
}

/** Writes the words of a command down, a line each, and the ssh options that Nix would use. */
const note = `note() {
  [ -z "\${NIX_SSHOPTS+set}" ] || set -- "$@" "[NIX_SSHOPTS='$NIX_SSHOPTS']"
  { printf '%s\\037' "$@"; echo; } >"$STAGE/note.$$" && cat "$STAGE/note.$$" >>"$STAGE/commands"
}
`

const programs = {
  nix: `${note}note nix "$@"
case $1 in
  eval)
    [ "$2" != --expr ] || exit 0
    grep -v '^$' "$STAGE/evaluation-says" >/dev/null && cat "$STAGE/evaluation-says" >&2
    [ "$(cat "$STAGE/evaluation-exit")" = 0 ] || exit 1
    cat "$STAGE/evaluation"
    ;;
  show-derivation) printf '{"%s":{}}' "$(cat "$STAGE/derivation/$2")" ;;
  --experimental-features) exit 1 ;;
  build)
    cat $(grep -lx -F "$2" -r "$STAGE/derivation" | sed "s|^$STAGE/derivation|$STAGE/build-says|") >&2
    exit "$(cat "$STAGE/build-exit")"
    ;;
  copy)
    for word; do case $word in ssh://*) host=\${word#ssh://} ;; esac; done
    # shellcheck disable=SC2086 # one word each
    ssh "$host" -x -a $NIX_SSHOPTS 'nix-store --serve --write' || { echo "error: cannot connect to '$host'" >&2; exit 1; }
    echo 'copying 0 paths...' >&2
    ;;
esac
`,
  'nix-store': `${note}note nix-store "$@"
`,
  ssh: `${note}note ssh "$@"
host=\${1#*@}
for command; do :; done
. "$STAGE/ssh-rules"
case $command in
  /nix/store/*'/activate-rs wait'*)
    {
      sh -c "sh '${activateDouble}' \${command#* }"
      echo $? >"$STAGE/wait-exit"
    } 2>&1 | while IFS= read -r line; do
      printf '%s\\n' "$line" >&2
      case $line in *'Waiting for'*) : >"$STAGE/waiting" ;; esac
    done
    : >"$STAGE/wait-ended"
    exit "$(cat "$STAGE/wait-exit")"
    ;;
  /nix/store/*/activate-rs*) exec sh -c "sh '${activateDouble}' \${command#* }" ;;
  rm*)
    rm "$STAGE\${command#rm }"
    code=$?
    : >"$STAGE/rm-ended"
    exit $code
    ;;
  *) exec sh -c "$command" ;;
esac
`,
  'nix-env': `${note}note nix-env "$@"
profile=$STAGE$2
number() { basename "$1" | sed 's/.*-\\([0-9]*\\)-link$/\\1/'; }
# Lower numbers first.
all() { for link in "$profile"-*-link; do [ ! -L "$link" ] || number "$link"; done | sort -n; }
[ ! -L "$profile" ] || current=$(number "$(readlink "$profile")")
case $3 in
  --set)
    [ "$(readlink -f "$profile")" != "$(readlink -f "$STAGE$4")" ] || exit 0
    next=$(cat "$STAGE/next$2")
    ln -s "$STAGE$4" "$profile-$next-link"
    ln -sfn "$profile-$next-link" "$profile"
    ;;
  --rollback)
    lower=$(all | awk -v now="$current" '$1 < now' | tail -n 1)
    [ -n "$lower" ] || { echo "error: no profile version older than the current ($current) exists" >&2; exit 1; }
    echo "switching profile from version $current to $lower" >&2
    ln -sfn "$profile-$lower-link" "$profile"
    ;;
  --list-generations) all | sed 's/$/   2026-11-22 10:00:00/' ;;
  --delete-generations)
    echo "removing profile version $4" >&2
    rm "$profile-$4-link"
    ;;
esac
`,
}
