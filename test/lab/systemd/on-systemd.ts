import { whyNoSystemd, withoutSystemd } from './possible.ts'

const reason = await whyNoSystemd()

/** Whether tests on hosts with a real systemd have to be skipped here. */
export const noSystemd = reason !== undefined

/** The end of such a suite's title: nothing where it runs, else the reason why it is skipped. */
export const because = reason === undefined ? '' : ` (skipped: ${withoutSystemd(reason)})`

// Names of skipped tests are not shown by every reporter.
if (noSystemd) process.stderr.write(`Tests are skipped${because}\n`)
