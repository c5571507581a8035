import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

interface Job {
  readonly if?: string
  readonly container?: { readonly options?: string }
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[]
}

const workflow = parse(readFileSync(new URL('../.github/workflows/ci.yml', import.meta.url), 'utf8')) as {
  readonly on: object
  readonly permissions: object
  readonly jobs: Readonly<Record<string, Job>>
}
const jobs = Object.entries(workflow.jobs)
const steps = jobs.flatMap(([, { steps }]) => steps)

test('every action of the project’s CI is pinned to a commit, and leaves no login in the checkout', () => {
  const actions = steps.filter(({ uses }) => uses !== undefined)
  expect(actions.length).toBeGreaterThan(0)
  for (const { uses, with: given } of actions) {
    expect(uses).toMatch(/@[0-9a-f]{40}$/)
    expect(given).toMatchObject({ 'persist-credentials': false })
  }
})

test('a pull request from a fork gets no privileged container, no secret, and nothing it may write', () => {
  expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request'])
  expect(workflow.permissions).toEqual({ contents: 'read' })
  const privileged = jobs.filter(([, { container }]) => container?.options?.includes('--privileged'))
  expect(privileged.map(([name]) => name)).toEqual(['check'])
  expect(workflow.jobs['check']?.if).toBe(
    "github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository",
  )
})
