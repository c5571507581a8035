#!/bin/sh
# Asks the old tool: passes when `lab health HOST` finds nothing wrong.
#
#   checks:
#     lab:
#       type: command
#       from: operator
#       protocol: nagios
#       run: [./checks/lab-health.sh, "{{host.name}}"]
#       timeout: 30s
#
# Its exit code is 0 even when it found something, so what it prints is read: ✗, ❌ or [ERROR] is a failure, ⚠ a warning. In
# the protocol `nagios` 0 is pass, 1 pass with a warning, 2 fail, 3 "no result", and the first line is the message.
set -u
host=${1:?"usage: lab-health.sh HOST"}
command -v lab >/dev/null || { echo "there is no program lab on this machine"; exit 3; }

answer=$(lab health "$host" 2>&1)
code=$?
# Without its colours.
answer=$(printf '%s\n' "$answer" | sed "s/$(printf '\033')\[[0-9;]*m//g")
line() { printf '%s\n' "$answer" | grep -m 1 -F -e "$@"; }

if line ✗ -e ❌ -e '[ERROR]'; then exit 2; fi
if [ "$code" != 0 ]; then
  echo "lab health $host ended with $code: $(printf '%s\n' "$answer" | tail -n 1)"
  exit 2
fi
if line ⚠; then exit 1; fi
# Silence is no proof of health.
line ✓ -e ✅ && exit 0
echo "lab health $host said nothing of $host"
exit 3
