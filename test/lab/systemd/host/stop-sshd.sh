#!/bin/sh
# Stops the host's sshd with all its connections; with `stay` without them.
: >/run/lab/sshd-stopped
systemctl stop sshd.service
[ "${1:-}" != stay ] || exit 0
exec /lab/bin/drop-connections
