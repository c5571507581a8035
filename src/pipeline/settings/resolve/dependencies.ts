import type { Host } from '../../../model/fleet/fleet.ts'
import type { Wave } from '../../../model/plan/plan-schema.ts'
import { pointer } from '../../../model/fleet/source.ts'
import { suggestion } from '../suggest.ts'
import type { Context } from './context.ts'

/** Reports dependencies that cannot be kept: on unknown or disabled hosts, in a circle, or against the order of the waves. */
export function checkDependencies(context: Context, hosts: readonly Host[], waves: readonly Wave[]): void {
  const byName = new Map(hosts.map((host) => [host.name, host]))
  const waveOf = new Map(
    waves.flatMap((wave, index) => wave.hosts.map((host) => [host, { name: wave.name, index }] as const)),
  )
  for (const host of hosts) {
    const written = context.file.hosts[host.name]?.dependsOn ?? []
    for (const [index, name] of written.entries()) {
      const at = pointer('hosts', host.name, 'dependsOn', index)
      const dependency = byName.get(name)
      if (dependency === undefined) {
        if (context.damaged(pointer('hosts', name))) continue
        const detail = `There is no host \`${name}\`. ${suggestion(name, [...byName.keys()], 'The hosts are')}`
        context.atValue('config/unknown-host', at, detail)
      } else if (!dependency.enabled && host.enabled) {
        const detail = `\`${host.name}\` waits for \`${name}\`, which is disabled and will never be done. Enable it, or take it out of here.`
        context.atValue('config/dependency-disabled', at, detail)
      } else {
        const [own, other] = [waveOf.get(host.name), waveOf.get(name)]
        if (own === undefined || other === undefined || other.index <= own.index) continue
        const detail =
          `\`${host.name}\` (wave \`${own.name}\`) waits for \`${name}\`, but that is in the later wave \`${other.name}\`. ` +
          `Move \`${name}\` to \`${own.name}\` or an earlier wave, or move \`${host.name}\` to \`${other.name}\`.`
        context.atValue('config/dependency-order', at, detail)
      }
    }
  }
  reportCycles(context, byName)
}

/** Each circle is told once, at the dependency that closes it. */
function reportCycles(context: Context, hosts: ReadonlyMap<string, Host>): void {
  const done = new Set<string>()
  for (const start of hosts.keys()) {
    // A stack of its own: a chain of ten thousand hosts would exhaust the program's.
    const path: { readonly name: string; next: number }[] = []
    const depths = new Map<string, number>()
    const open = (name: string) => depths.set(name, path.push({ name, next: 0 }) - 1)
    if (!done.has(start)) open(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = hosts.get(top.name)?.settings.dependsOn[top.next++]
      if (dependency === undefined) {
        done.add(top.name)
        depths.delete(top.name)
        path.pop()
        continue
      }
      const back = depths.get(dependency)
      if (back !== undefined)
        reportCycle(
          context,
          path.slice(back).map(({ name }) => name),
        )
      else if (!done.has(dependency)) open(dependency)
    }
  }
}

function reportCycle(context: Context, circle: readonly string[]): void {
  const [first = ''] = circle
  const last = circle.at(-1) ?? first
  const index = context.file.hosts[last]?.dependsOn?.indexOf(first) ?? 0
  const detail =
    circle.length === 1
      ? `\`${first}\` waits for itself. Take it out of here.`
      : `These hosts wait for each other: ${[...circle, first].map((name) => `\`${name}\``).join(' → ')}. None could ever start; remove one of the dependencies.`
  context.atValue('config/dependency-cycle', pointer('hosts', last, 'dependsOn', index), detail)
}
