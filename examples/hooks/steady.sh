#!/bin/sh
# Lets unattended work start only on a machine that is steady: room on /, nothing failed, up for half an hour.
#
#   hooks:
#     - on: [before.run]
#       run: [./hooks/steady.sh]
#
# It looks at the machine that fleet runs on, as lab-tool's update gate did. For the hosts there are builtin/disk-space,
# builtin/system-running and builtin/uptime, as checks with `precondition: true`.
set -u
use=$(timeout 5 df -P / | awk 'END { sub("%", "", $5); print $5 }')
case $use in '' | *[!0-9]*) echo "the use of / cannot be read"; exit 1 ;; esac
[ "$use" -le 90 ] || { echo "/ $use % used, 90 % allowed"; exit 1; }

state=$(timeout 5 systemctl is-system-running 2>&1)
case $state in
  running) ;;
  initializing | starting) echo "the system is $state"; exit 75 ;;
  *) echo "the system is ${state:-silent}, running wanted"; exit 1 ;;
esac

read -r up _ </proc/uptime
[ "${up%%.*}" -gt 1800 ] || { echo "up for $((${up%%.*} / 60)) min, 30 min wanted"; exit 75; }
echo "/ $use % used, the system is running, up for $((${up%%.*} / 60)) min"
