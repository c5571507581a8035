import { defineConfig } from 'vitest/config'

/** What makes real hosts, as root, or asks a real Nix. */
const lab = ['test/{e2e,lab}/**/*.test.ts', 'test/**/*.lab.test.ts']

export default defineConfig({
  test: {
    environment: 'node',
    // A bound for what hangs, and no measure of anything: hosts of the lab take minutes on a busy machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Most of the time hosts wait for each other: one more worker than the smallest machine has cores.
    maxWorkers: 3,
    reporters: ['default'],
    // Times in golden files are local times of this zone.
    env: { TZ: 'UTC', NO_COLOR: '' },
    projects: [
      // These files leave nothing behind in their process, so that they share one, and what it has loaded.
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: lab, isolate: false } },
      { extends: true, test: { name: 'lab', include: lab } },
    ],
  },
})
