#!/bin/sh
# Starts the host's sshd, unless it runs or a fault forbids it.
rm -f /run/lab/sshd-stopped
[ ! -e /lab/faults/unreachable ] || exit 0
[ ! -e /run/lab/sshd.pid ] || ! kill -0 "$(cat /run/lab/sshd.pid)" 2>/dev/null || exit 0
exec /usr/sbin/sshd -f /etc/ssh/lab_sshd_config 9>&- </dev/null >/run/lab/journal/sshd.service 2>&1
