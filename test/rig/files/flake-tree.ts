import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { nixOptions } from '../../lab/flake.ts'
import { run } from '../../lab/run.ts'

/** A directory of its own with a flake in it, and git where a test begins it. */
export class FlakeTree {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'fleet-tree-')))

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.directory, name)), { recursive: true })
      writeFileSync(join(this.directory, name), text)
    }
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', ['-C', this.directory, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Fleet Test',
        GIT_AUTHOR_EMAIL: 'test@fleet.example',
        GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
        GIT_COMMITTER_NAME: 'Fleet Test',
        GIT_COMMITTER_EMAIL: 'test@fleet.example',
        GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
      },
    }).trim()
  }

  /** Commits all there is, and returns the revision. */
  commit(message: string): string {
    this.git('init', '--quiet', '--initial-branch=main')
    this.git('add', '--all')
    this.git('commit', '--quiet', `--message=${message}`)
    return this.git('rev-parse', 'HEAD')
  }

  /** Writes the lock file that fits flake.nix. */
  async lock(): Promise<void> {
    await run('nix', ['flake', 'lock', ...nixOptions, `path:${this.directory}`])
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}
