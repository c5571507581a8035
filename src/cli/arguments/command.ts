import type { ApplyFlags } from './apply-flags.ts'
import type { CheckFlags, DoctorFlags, StatusFlags, UnlockFlags } from './ask-flags.ts'
import type { DiffFlags } from './upkeep/diff-flags.ts'
import type { InitFlags } from './init-flags.ts'
import type { ExecFlags } from './exec-flags.ts'
import type { FormatFlags, PlanFlags } from './plan-flags.ts'
import type { RollbackFlags } from './rollback-flags.ts'
import type { UpdateFlags } from './upkeep/update-flags.ts'

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
    | (ExecFlags & { readonly command: 'exec' })
    | (FormatFlags & { readonly command: 'show'; readonly plan: string })
    | (DiffFlags & { readonly command: 'diff' })
    | { readonly command: 'completion'; readonly shell: 'bash' | 'zsh' | 'fish' }
    | { readonly command: 'complete'; readonly words: readonly string[] }
    | (DoctorFlags & { readonly command: 'doctor' })
    | (UpdateFlags & { readonly command: 'update' })
    | (ApplyFlags & { readonly command: 'apply' })
    | (RollbackFlags & { readonly command: 'rollback' })
    | (FormatFlags & { readonly command: 'history'; readonly run: string | null })
    | { readonly command: 'explain'; readonly code: string }
    | (UnlockFlags & { readonly command: 'unlock' })
  )
