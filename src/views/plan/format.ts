/** The forms a plan is written in. */
export const planFormats = ['text', 'markdown', 'html', 'json'] as const

/** One of `planFormats`. */
export type PlanFormat = (typeof planFormats)[number]

/** Bytes of UTF-8 in which a plan's Markdown has room for the verdict and the command, whatever the plan. */
export const leastMaxBytes = 500

/** Fits a comment of GitHub, GitLab and Azure DevOps, however they count: the smallest limit is 65,536. */
export const defaultMaxBytes = 60_000
