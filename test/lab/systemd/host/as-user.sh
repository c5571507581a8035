#!/bin/sh
# Runs a command as a user who has a manager:  as-user UID COMMAND…
uid=$1
shift
user=$(getent passwd "$uid" | cut -d : -f 1)
exec setpriv --reuid "$uid" --regid "$(id -g "$user")" --init-groups \
  env -i PATH="$PATH" HOME="$(getent passwd "$uid" | cut -d : -f 6)" USER="$user" XDG_RUNTIME_DIR="/run/user/$uid" "$@"
