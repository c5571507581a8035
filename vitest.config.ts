import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // The lab's tests make real hosts: minutes on a busy machine, and only one lab's worth of memory at a time.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Most of the time hosts wait for each other: one more worker than the smallest machine has cores.
    maxWorkers: 3,
    reporters: ['default'],
    // Times in golden files are local times of this zone.
    env: { TZ: 'UTC', NO_COLOR: '' },
  },
})
