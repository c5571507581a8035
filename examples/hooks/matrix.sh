#!/bin/sh
# Notifies a Matrix room.
#
#   hooks:
#     - on: [wave.halted, wave.paused, run.finished]
#       run: [./hooks/matrix.sh, "https://matrix.example.net", "!room:example.net"]
#
# MATRIX_TOKEN_FILE names a file that holds the access token of a user who is in the room.
set -eu
server=${1:?"usage: matrix.sh SERVER ROOM"}
room=${2:?"usage: matrix.sh SERVER ROOM"}
token=$(cat "${MATRIX_TOKEN_FILE:?"MATRIX_TOKEN_FILE names no file"}")

# Two lines: the path, whose last part lets the server drop a message that comes twice, and the body.
request=$(node -e '
  const event = JSON.parse(require("fs").readFileSync(0, "utf8"))
  const [room, run] = process.argv.slice(1).map(encodeURIComponent)
  console.log(`/_matrix/client/v3/rooms/${room}/send/m.room.message/${run}-${event.seq}`)
  console.log(JSON.stringify({ msgtype: "m.notice", body: event.message }))
' "$room" "$FLEET_RUN")
path=$(echo "$request" | head -n 1)
body=$(printf '%s\n' "$request" | tail -n 1)

# A secret comes by standard input: arguments can be read by everybody on this machine.
printf 'header = "Authorization: Bearer %s"\n' "$token" |
  curl --config - --fail --silent --show-error --max-time 20 --output /dev/null \
    --request PUT --header 'Content-Type: application/json' --data-raw "$body" "$server$path"
