/** What `fleet --help` ends with: the exit codes, and what is typed most. */
export const examples = `
Exit codes: 0 done · 1 failed before anything changed · 2 changes (--detailed-exitcode) · 3 the rollout failed,
hosts may have changed · 4 paused · 5 refused · 6 locked · 7 incomplete (--strict) · 64 usage · 130, 143 interrupted

  fleet validate                     is fleet.yaml right?
  fleet plan -o plan.json            what would change, saved for review
  fleet apply plan.json --wave canary
  fleet apply plan.json              roll out exactly that
  fleet history                      what happened; with a run's name also what to type next
  fleet explain ssh/no-answer        what a code in a message means, and what to do
`
