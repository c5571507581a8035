import type { ApplyFlags } from './apply-flags.ts'
import type { CheckFlags, DoctorFlags, StatusFlags, UnlockFlags } from './ask-flags.ts'
import type { DiffFlags } from './upkeep/diff-flags.ts'
import type { InitFlags } from './init-flags.ts'
import type { FormatFlags, PlanFlags } from './plan-flags.ts'
import type { UpdateFlags } from './upkeep/update-flags.ts'
import type { OnHosts } from './on-hosts.ts'
import type { RebootFlags } from './rollouts/reboot-flags.ts'
import type { RollbackFlags } from './rollouts/rollback-flags.ts'

/** What every command knows. */
export interface Common {
  /** The fleet.yaml, as given. */
  readonly file: string
  /** Where runs are kept; null: `.fleet` beside fleet.yaml. */
  readonly stateDirectory: string | null
  readonly quiet: boolean
  readonly verbose: boolean
  /** False: `--no-color`. */
  readonly color: boolean
}

/** A command line that was understood. */
export type Command = Common &
  (
    | (InitFlags & { readonly command: 'init' })
    | { readonly command: 'validate' }
    | (PlanFlags & { readonly command: 'plan' })
    | (StatusFlags & { readonly command: 'status' })
    | (CheckFlags & { readonly command: 'check' })
    | OnHosts
    | (FormatFlags & { readonly command: 'show'; readonly plan: string })
    | (DiffFlags & { readonly command: 'diff' })
    | { readonly command: 'completion'; readonly shell: 'bash' | 'zsh' | 'fish' }
    | { readonly command: 'complete'; readonly words: readonly string[] }
    | (DoctorFlags & { readonly command: 'doctor' })
    | (UpdateFlags & { readonly command: 'update' })
    | (ApplyFlags & { readonly command: 'apply' })
    | (RebootFlags & { readonly command: 'reboot' })
    | (RollbackFlags & { readonly command: 'rollback' })
    | (FormatFlags & { readonly command: 'history'; readonly run: string | null })
    | { readonly command: 'explain'; readonly target: string; readonly json: boolean }
    | (UnlockFlags & { readonly command: 'unlock' })
  )
