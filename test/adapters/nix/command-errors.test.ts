import { expect, test } from 'vitest'
import { errorText, nixFailure } from '../../../src/adapters/nix/command.ts'

const hint = "(use '--show-trace' to show detailed location information)\n"

/** What Nix 2.8 printed: the cause first, then where. */
const recorded: readonly (readonly [string, string, string])[] = [
  [
    'a syntax error',
    `error: syntax error, unexpected end of file

       at /nix/store/z9cidrb2dc6j61a15whpq7a64as27dc5-source/flake.nix:1:6:
            1| { a =
             |      ^
${hint}`,
    'syntax error, unexpected end of file',
  ],
  [
    'a missing attribute',
    `error: attribute 'toplevel' missing

       at «string»:1:4:

            1| c: c.config.system.build.toplevel.drvPath
             |    ^
${hint}`,
    "attribute 'toplevel' missing",
  ],
  [
    'an impure read',
    `error: access to absolute path '/etc/hostname' is forbidden in pure eval mode (use '--impure' to override)
${hint}`,
    "access to absolute path '/etc/hostname' is forbidden in pure eval mode \nfleet evaluates purely, so a plan depends on nothing but its source. Make it a file or an input of the flake.",
  ],
  ['a throw', `error: the option services.x does not exist\n${hint}`, 'the option services.x does not exist'],
  [
    'a missing file',
    `error: getting status of '/nix/store/mswk5gcpsmnln99s795rrg5x2r2a2cdz-source/machines': No such file or directory\n${hint}`,
    "getting status of '/nix/store/mswk5gcpsmnln99s795rrg5x2r2a2cdz-source/machines': No such file or directory",
  ],
  [
    'an assertion of the language',
    `error: assertion '(1 == 2)' failed

       at /nix/store/mswk5gcpsmnln99s795rrg5x2r2a2cdz-source/flake.nix:5:46:

            4|       throws.config.system.build.toplevel = throw "error: the option services.x does not exist";
            5|       asserts.config.system.build.toplevel = assert 1 == 2; { };
             |                                              ^
            6|       nothing.config.system.build = { };
${hint}`,
    "assertion '(1 == 2)' failed",
  ],
  [
    'assertions of NixOS',
    `error:
       Failed assertions:
       - The ‘fileSystems’ option does not specify your root file system.
       - You must set the option ‘boot.loader.grub.devices’.
`,
    `Failed assertions:
- The ‘fileSystems’ option does not specify your root file system.
- You must set the option ‘boot.loader.grub.devices’.`,
  ],
  [
    'infinite recursion',
    `error: infinite recursion encountered

       at /nix/store/mswk5gcpsmnln99s795rrg5x2r2a2cdz-source/flake.nix:8:45:

            7|       file.config.system.build.toplevel = import ./machines/none.nix;
            8|       endless.config.system.build = let x = x; in { toplevel = x; };
             |                                             ^
            9|       abortive.config.system.build.toplevel = abort "no";
${hint}`,
    'infinite recursion encountered',
  ],
  [
    'a missing configuration',
    `error: flake 'path:/srv/lab' does not provide attribute 'packages.x86_64-linux.nixosConfigurations."absent"', 'legacyPackages.x86_64-linux.nixosConfigurations."absent"' or 'nixosConfigurations."absent"'\n`,
    `flake 'path:/srv/lab' does not provide attribute 'packages.x86_64-linux.nixosConfigurations."absent"', 'legacyPackages.x86_64-linux.nixosConfigurations."absent"' or 'nixosConfigurations."absent"'`,
  ],
  [
    'a build that failed, of which others are consequences',
    `these 2 derivations will be built:
  /nix/store/2al4l3r4a2xp2d4kd2sc9m2f3h5ax1b7-inner.drv
building '/nix/store/2al4l3r4a2xp2d4kd2sc9m2f3h5ax1b7-inner.drv'...
error: builder for '/nix/store/2al4l3r4a2xp2d4kd2sc9m2f3h5ax1b7-inner.drv' failed with exit code 1;
       last 1 log lines:
       > main.c:1: error: expected ';'
       For full logs, run 'nix log /nix/store/2al4l3r4a2xp2d4kd2sc9m2f3h5ax1b7-inner.drv'.
error: 1 dependencies of derivation '/nix/store/9s5nkd4fq3yk8h0y8m4v2pl3h0yv8a0c-outer.drv' failed to build
`,
    `builder for '/nix/store/2al4l3r4a2xp2d4kd2sc9m2f3h5ax1b7-inner.drv' failed with exit code 1;
last 1 log lines:
> main.c:1: error: expected ';'
For full logs, run 'nix log /nix/store/2al4l3r4a2xp2d4kd2sc9m2f3h5ax1b7-inner.drv'.`,
  ],
]

test.each(recorded)('Nix 2.8: %s', (_, stderr, expected) => expect(errorText(stderr)).toBe(expected))

const trace = `error:
       … while calling the 'derivationStrict' builtin
         at <nix/derivation-internal.nix>:37:12:
           36|
           37|   strict = derivationStrict drvAttrs;
             |            ^
           38|

       … while evaluating the attribute 'system.build.toplevel'

       (stack trace truncated; use '--show-trace' to show the full, detailed trace)

`

/** The layout since 2.20: what led there first, the cause last. */
const newer: readonly (readonly [string, string, string])[] = [
  [
    'a missing attribute',
    `${trace}       error: attribute 'toplevel' missing
       at «string»:1:4:
            1| c: c.config.system.build.toplevel.drvPath
             |    ^
       Did you mean toplevels?
`,
    "attribute 'toplevel' missing",
  ],
  ['a throw', `${trace}       error: the option services.x does not exist\n`, 'the option services.x does not exist'],
  [
    'assertions of NixOS',
    `${trace}       error:
       Failed assertions:
       - The ‘fileSystems’ option does not specify your root file system.
`,
    'Failed assertions:\n- The ‘fileSystems’ option does not specify your root file system.',
  ],
  [
    'a cause of which the source holds the word',
    `${trace}       error: cannot coerce a set to a string
       at /nix/store/mswk5gcpsmnln99s795rrg5x2r2a2cdz-source/flake.nix:4:3:
            3|   # error: not this one
            4|   message = "error: " + { };
             |   ^
`,
    'cannot coerce a set to a string',
  ],
]

test.each(newer)('Nix 2.20 and later: %s', (_, stderr, expected) => expect(errorText(stderr)).toBe(expected))

test('warnings before the cause are left out', () => {
  expect(errorText("warning: Git tree '/srv/lab' is dirty\nerror: no\n")).toBe('no')
})

test('without the word, the last lines stand for the cause', () => {
  expect(errorText('one\ntwo\nthree\nfour\nfive\nsix\n')).toBe('two\nthree\nfour\nfive\nsix')
})

test('a cause of many lines is cut', () => {
  expect(errorText(`error: a\n${'       more\n'.repeat(100)}`).split('\n')).toHaveLength(8)
})

test('colours and other escape sequences are gone', () => {
  expect(errorText('\u001B[31;1merror:\u001B[0m \u001B]0;x\u0007no \u001B[35m‘a’\u001B[0m\n')).toBe('no ‘a’')
})

const printed = { stdout: '', stderr: '' }

test.each([
  [{ how: 'exited', code: 1, stdout: '', stderr: 'error: no\n' }, 'evaluate/failed', 'no'],
  [{ how: 'exited', code: 1, ...printed }, 'evaluate/failed', 'nix exited 1.'],
  [
    { how: 'not-started', reason: 'spawn nix ENOENT', ...printed },
    'nix/missing',
    'spawn nix ENOENT. Is Nix installed and on PATH?',
  ],
  [{ how: 'aborted', ...printed }, 'nix/aborted', 'Nix was interrupted.'],
  [
    { how: 'killed', signal: 'SIGKILL', ...printed },
    'nix/killed',
    'Nix was killed by SIGKILL. The kernel does this when memory runs out.',
  ],
  [{ how: 'too-much-output', ...printed }, 'evaluate/failed', 'Nix ended as too-much-output.'],
] as const)('a Nix that ended as %j is told as %s', (ended, code, detail) => {
  expect(nixFailure(ended, 'evaluate/failed', 'evaluation failed')).toMatchObject({ code, detail })
})

test('a Nix that succeeded is no failure', () => {
  expect(
    nixFailure({ how: 'exited', code: 0, stdout: '', stderr: 'error: ignored\n' }, 'evaluate/failed', 'y'),
  ).toBeNull()
})
