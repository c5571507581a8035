#!/bin/sh
# Sends a mail, by the sendmail that this machine has.
#
#   hooks:
#     - on: [run.finished]
#       run: [./hooks/mail.sh, admin@example.net]
set -eu
to=${1:?"usage: mail.sh ADDRESS"}
message=$(node -pe 'JSON.parse(require("fs").readFileSync(0, "utf8")).message')

sendmail -i -- "$to" <<MAIL
To: $to
Subject: fleet: $FLEET_EVENT
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

$message

The whole story: fleet history $FLEET_RUN
MAIL
