#!/bin/sh
# The story of fleet in about a minute, on six real hosts that live on this machine: `npm run demo`.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
exec node_modules/.bin/tsx test/lab/demo/demo.ts "$@"
