import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import { expect, test } from 'vitest'
import { errorText } from '../../../src/adapters/nix/command.ts'
import { shorten, traced } from '../../../src/adapters/nix/shorten.ts'

const store = `/nix/store/${'0'.repeat(32)}-source`
const nixpkgs = `/nix/store/${'1'.repeat(32)}-source`

/** What a person is told of it. */
const told = (stderr: string) => shorten(errorText(stderr), stderr, store)

test('Nix 2.8: the cause comes first, the nearest step after it', () => {
  expect(
    told(`error: attribute 'ngnix' missing

       at ${store}/machines/web.nix:5:3:

            5|   pkgs.ngnix
             |   ^

       … while evaluating the attribute 'config'

       at ${store}/flake.nix:9:1:
`),
  ).toBe("attribute 'ngnix' missing\nat machines/web.nix:5:3")
})

test('Nix 2.8: a cause in nixpkgs is told with the nearest step in the flake', () => {
  expect(
    told(`error: The option \`services.x' does not exist

       at ${nixpkgs}/lib/modules.nix:5:3:

       … while evaluating definitions from

       at ${store}/machines/web.nix:7:3:

       at ${store}/flake.nix:9:1:
`),
  ).toBe("The option `services.x' does not exist\nby way of machines/web.nix:7:3")
})

test('since Nix 2.20: the cause comes last, the nearest step before it', () => {
  expect(
    told(`error:
       … while evaluating the attribute 'config'
         at ${store}/flake.nix:9:1:
            9| x
             | ^

       … while calling the 'import' builtin
         at ${store}/hosts.nix:3:4:

       error: path '${store}/machines/none.nix' does not exist
`),
  ).toBe('machines/none.nix does not exist\nby way of hosts.nix:3:4')
})

test('without a place in the flake the words stand alone', () => {
  expect(told(`error: infinite recursion encountered\n\n       at ${nixpkgs}/lib/a.nix:1:1:\n`)).toBe(
    'infinite recursion encountered',
  )
  expect(shorten('no', 'error: no\n', null)).toBe('no')
})

test('the whole text is kept, and cut in the middle where it is very long', () => {
  const failure: Failure = { code: 'evaluate/failed', summary: 'evaluation failed', detail: 'no' }
  expect(traced(failure, 'error: \u001B[31mno\u001B[0m\n')).toEqual({ ...failure, trace: 'error: no' })
  const { trace } = traced(failure, `first${'x'.repeat(100_000)}last`)
  expect(trace).toHaveLength(32_000 + '\n… 68009 characters left out …\n'.length)
  expect(trace).toMatch(/^first.*\n… 68009 characters left out …\n.*last$/s)
})
