/** What `fleet --help` ends with: the exit codes, and what is typed most. */
export const examples = `
Exit codes:
  0         done
  1         failed before anything was changed
  2         there are changes, or drift (--detailed-exitcode)
  3         the rollout failed; hosts may have changed
  4         paused: approval or a check result is missing
  5         refused: nothing was started
  6         locked by another run
  7         incomplete: a host did not answer (--strict)
  64        wrong usage
  130, 143  interrupted

Examples:
  fleet init                         write fleet.yaml from the flake in this folder
  fleet validate                     check fleet.yaml
  fleet plan -o plan.json            what would change, saved for review
  fleet apply plan.json --wave canary
  fleet apply plan.json              roll out exactly that
  fleet history                      list past runs; with a run: what to type next
  fleet explain web-1                where each of its settings comes from, its wave, its checks
  fleet explain ssh/no-answer        what a code in a message means, and what to do
`
