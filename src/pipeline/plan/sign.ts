import { createHash } from 'node:crypto'
import canonicalizeModule from 'canonicalize'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type {
  Base,
  Comparison,
  Diff,
  HostPlan,
  Note,
  Plan,
  PlanBody,
  RanBefore,
  RebootPlan,
  Source,
} from '../../model/plan/plan-schema.ts'

// The package is CommonJS with types written as if it were not: its default import is the function itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined

/** The format that this version writes and reads; readers accept any minor of the same major. */
export const planFormat = '1.0'

export interface PlanInput {
  readonly fleet: Fleet
  readonly source: Source
  readonly base: Base | null
  /** What the plan reboots, where it does nothing else; null or missing: it rolls out systems. */
  readonly reboot?: RebootPlan | null
  /** What is compared where this is no plan for a rollout; null or missing: it is one. */
  readonly comparison?: Comparison | null
  /** Another revision that the notes tell the changes since; null: none. */
  readonly since?: Base | null
  /** When the observations were made, where no host was asked for this plan (RFC 3339); null: hosts were asked. */
  readonly observedAt?: string | null
  /** What ran on this machine before; null or missing: there is nothing to compare with. */
  readonly ranBefore?: RanBefore | null
  readonly hosts: Readonly<Record<string, HostPlan>>
  readonly notes: readonly Note[]
  readonly version: string
  /** RFC 3339, UTC. */
  readonly createdAt: string
  /** user@machine. */
  readonly createdBy: string
}

/** Puts a plan together and signs it with its two digests. The body holds nothing that changes by itself. */
export function makePlan({
  fleet,
  source,
  base,
  reboot = null,
  comparison = null,
  since = null,
  observedAt = null,
  ranBefore = null,
  hosts,
  notes,
  version,
  createdAt,
  createdBy,
}: PlanInput): Plan {
  const body: PlanBody = {
    name: fleet.name,
    source,
    complete: Object.values(hosts).every(({ action }) => action !== 'unreachable' && action !== 'evaluation-failed'),
    waves: fleet.waves,
    groups: fleet.groups,
    checks: fleet.checks,
    hooks: fleet.hooks,
    lock: fleet.lock,
    ...(base === null ? {} : { base }),
    ...(reboot === null ? {} : { reboot }),
    ...(comparison === null ? {} : { comparison }),
    ...(since === null ? {} : { since }),
    ...(observedAt === null ? {} : { observedAt }),
    ...(ranBefore === null ? {} : { ranBefore }),
    hosts,
    notes,
  }
  return signPlan(body, { version, createdAt, createdBy })
}

/** Signs what a plan says with its two digests. */
export function signPlan(
  body: PlanBody,
  { version, createdAt, createdBy }: Pick<PlanInput, 'version' | 'createdAt' | 'createdBy'>,
): Plan {
  return {
    format: planFormat,
    fleet: version,
    createdAt,
    createdBy,
    planId: planIdOf(body),
    changeDigest: changeDigestOf(body),
    body,
  }
}

/** The identity of a plan: sha256 over the canonical JSON (RFC 8785) of its body. */
export function planIdOf(body: PlanBody): string {
  return digest(body)
}

/**
 * sha256 over what changes on each host, without the paths that a new commit alone would change. Where a part of a
 * difference is not known, the path stands for it: then the digest tells more plans apart than it needs to, never fewer.
 */
function changeDigestOf(body: PlanBody): string {
  const changes = Object.entries(body.hosts).map(([name, host]) =>
    host.action === 'change'
      ? [name, host.action, host.diff, isKnown(host.diff) ? null : host.to.system]
      : [name, host.action],
  )
  return digest(changes)
}

function isKnown({ packages, units, etc, reboot }: Diff): boolean {
  return packages !== null && units !== null && etc !== null && reboot.needed !== null
}

function digest(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('bug: a plan that is not JSON')
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
