import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadedBy } from '../../rig/files/loaded.ts'

const source = fileURLToPath(new URL('../../../src', import.meta.url))

it.each(['validate', 'show', 'explain'])('%s loads nothing that reaches a host or starts a program', (command) => {
  const world = /^adapters\/(process|ssh|engines|nix|locks|hooks|local|checks\/(?!library))/
  const loaded = [...loadedBy(resolve(source, `cli/commands/plans/${command}.ts`))].map((file) =>
    relative(source, file),
  )
  expect(loaded.length).toBeGreaterThan(3)
  expect(loaded.filter((file) => world.test(file))).toEqual([])
})
