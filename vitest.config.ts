import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What makes real hosts, as root, or asks a real Nix. */
const lab = ['test/{e2e,lab}/**/*.test.ts', 'test/**/*.lab.test.ts']

/** Kinds of files by how long they take, the longest first, so that no worker is left with one of them at the end. */
const longest = [/\.lab\.test\.ts$/, /\/(prediction|rollout-properties|resume-properties)\.test\.ts$/, /\/test\/e2e\//]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((kind) => kind.test(moduleId))
      return found === -1 ? longest.length : found
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer's, which leaves the list as it is
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other))
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    // A bound for what hangs, and no measure of anything: hosts of the lab take minutes on a busy machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Most of the time hosts wait for each other: on two cores the suite took 9 minutes with three workers and 8 with five.
    maxWorkers: 5,
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    // Times in golden files are local times of this zone.
    env: { TZ: 'UTC', NO_COLOR: '' },
    projects: [
      // These files leave nothing behind in their process, so that they share one, and what it has loaded.
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: lab, isolate: false } },
      { extends: true, test: { name: 'lab', include: lab } },
    ],
  },
})
