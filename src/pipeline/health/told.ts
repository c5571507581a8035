/** How a result is told of a check: `check forgejo failed: …`. */
export const told = { pass: 'passed', fail: 'failed', error: 'could not measure' } as const
