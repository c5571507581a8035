#!/bin/sh
# Every gate but the tests, all of them even when one fails: one run should tell everything that is wrong.
set -u
cd "$(dirname "$0")/.."
failed=
for gate in format:check lint types dead generate:check; do
  npm run --silent "$gate" || failed="$failed $gate"
done
[ -z "$failed" ] || {
  echo "check: failed:$failed" >&2
  exit 1
}
