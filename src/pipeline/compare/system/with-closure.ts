import { type Closure, closureSize } from '../../../model/nix/closure.ts'
import { built, type NixosSystem, predicted, unknown } from '../../../model/host/nixos-system.ts'

/** A system with the packages and the size of its closure, which somebody has read from a store. */
export function withClosure(system: NixosSystem, closure: Closure, selected: readonly string[] | null): NixosSystem {
  const paths = [...closure.keys()]
  return { ...system, packages: built({ scope: 'closure', paths, selected }), size: built(closureSize(closure)) }
}

/** A system with the packages that it is predicted to need; their size is known only when they are built. */
export function withPrediction(
  system: NixosSystem,
  paths: ReadonlySet<string>,
  selected: readonly string[],
): NixosSystem {
  return {
    ...system,
    packages: predicted({ scope: 'closure', paths: [...paths], selected }),
    size: unknown('known only when built'),
  }
}

/** A system of which no more than the chosen packages are known. */
export function withSelected(system: NixosSystem, selected: readonly string[] | null): NixosSystem {
  if (selected === null)
    return { ...system, packages: unknown('neither its closure nor its chosen packages are known') }
  return { ...system, packages: predicted({ scope: 'selected', paths: selected, selected }) }
}
