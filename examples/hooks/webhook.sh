#!/bin/sh
# Posts the event as it is to a URL.
#
#   hooks:
#     - on: [host.succeeded, host.failed, host.rolled-back, run.finished]
#       run: [./hooks/webhook.sh, "https://hooks.example.net/fleet"]
set -eu
url=${1:?"usage: webhook.sh URL"}
exec curl --fail --silent --show-error --max-time 20 --output /dev/null \
  --header 'Content-Type: application/json' --data-binary @- "$url"
