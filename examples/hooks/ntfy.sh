#!/bin/sh
# Notifies your phone, through ntfy.sh or an ntfy server of your own.
#
#   hooks:
#     - on: [wave.halted, wave.paused, run.finished]
#       run: [./hooks/ntfy.sh, "https://ntfy.sh/our-topic"]
#
# Where the topic asks for a token, NTFY_TOKEN_FILE names a file that holds it.
set -eu
topic=${1:?"usage: ntfy.sh URL-OF-THE-TOPIC"}
message=$(node -pe 'JSON.parse(require("fs").readFileSync(0, "utf8")).message')

case $FLEET_EVENT in
  *.halted | *.failed | *.unknown) priority=high ;;
  *) priority=default ;;
esac
# A secret comes by standard input: arguments can be read by everybody on this machine.
{ [ -z "${NTFY_TOKEN_FILE:-}" ] || printf 'header = "Authorization: Bearer %s"\n' "$(cat "$NTFY_TOKEN_FILE")"; } |
  curl --config - --fail --silent --show-error --max-time 20 --output /dev/null \
    --header "Title: fleet: $FLEET_EVENT" --header "Priority: $priority" --data-raw "$message" "$topic"
