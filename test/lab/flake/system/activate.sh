#!/bin/sh
# The played activation script. As in NixOS a snippet that fails is reported, the others still run, /run/current-system
# moves, and the exit code tells. Faults of the lab are asked for from /lab/bin/at.
systemConfig=@out@
broken='@broken@'
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin
export PATH systemConfig
# The one who started this may be gone: the activation goes on.
trap '' PIPE
status=0

snippet() {
  "snippet_$1"
  result=$?
  [ "$result" = 0 ] && return
  printf "Activation script snippet '%s' failed (%s)\n" "$1" "$result" >&2
  status=1
}

# Files of the lab itself (not links) are left alone: the host's ssh and sudo must not depend on a made-up /etc.
snippet_etc() {
  echo "setting up /etc..."
  ln -sfn @etc@/etc /etc/static
  for link in $(find /etc -xdev -type l -lname '/etc/static/*'); do
    [ -e "$link" ] || rm -f "$link"
  done
  for target in $(find /etc/static/ -type l -printf '%P\n'); do
    [ -e "/etc/$target" ] && [ ! -L "/etc/$target" ] && [ ! -e "/etc/$target.lab-copy" ] && continue
    directory=/etc/${target%/*}
    [ "$directory" = "/etc/$target" ] || mkdir -p "$directory"
    if [ ! -e "/etc/static/$target.mode" ]; then
      ln -sfn "/etc/static/$target" "/etc/$target"
    elif [ "$(cat "/etc/static/$target.mode")" = direct-symlink ]; then
      ln -sfn "$(readlink "/etc/static/$target")" "/etc/$target"
    fi
  done
}

snippet_users() {
  [ -r @users@ ]
}

snippet_firewall() {
  [ -r @firewall@ ]
}

snippet_lab() {
  [ "$broken" != activation ] && /lab/bin/at snippets "$systemConfig"
}

/lab/bin/at activate "$systemConfig" "$broken" || exit 1
snippet etc
snippet users
snippet firewall
snippet lab
ln -sfn "$systemConfig" /run/current-system
exit $status
