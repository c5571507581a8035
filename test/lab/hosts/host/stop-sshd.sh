#!/bin/sh
# Stops the host's sshd with all its connections; with `stay` without them. What runs in them goes on.
: >/run/lab/sshd-stopped
[ ! -e /run/lab/sshd.pid ] || kill -KILL "$(cat /run/lab/sshd.pid)" 2>/dev/null
rm -f /run/lab/sshd.pid
[ "${1:-}" != stay ] || exit 0
exec /lab/bin/drop-connections
