#!/bin/sh
# The activation script of a host with a real systemd. As in NixOS a snippet that fails is reported, the others still run,
# /run/current-system moves, and the exit code tells. Faults of the lab are asked for from /lab/bin/at.
systemConfig=@out@
broken='@broken@'
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin:/sbin
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

# An entry is a link into /etc/static; one with a mode is a copy, and goes when the entry goes.
snippet_etc() {
  echo "setting up /etc..."
  ln -sfn @etc@/etc /etc/static
  # A link into /etc/static that leads nowhere belonged to an older system.
  for link in $(find /etc -xdev -type l -lname '/etc/static/*'); do
    [ -e "$link" ] || rm -f "$link"
  done
  new=$(mktemp)
  for target in $(find /etc/static/ -type l -printf '%P\n'); do
    mkdir -p "$(dirname "/etc/$target")"
    mode=symlink
    [ ! -e "/etc/static/$target.mode" ] || mode=$(cat "/etc/static/$target.mode")
    case $mode in
      symlink) put_link "/etc/static/$target" "/etc/$target" ;;
      direct-symlink) put_link "$(readlink "/etc/static/$target")" "/etc/$target" ;;
      *)
        echo "$target" >>"$new"
        cp "/etc/static/$target" "/etc/$target.tmp"
        chown "$(tr -d + <"/etc/static/$target.uid"):$(tr -d + <"/etc/static/$target.gid")" "/etc/$target.tmp"
        chmod "$mode" "/etc/$target.tmp"
        mv -f "/etc/$target.tmp" "/etc/$target"
        ;;
    esac
  done
  [ ! -e /etc/.clean ] || grep -vxFf "$new" /etc/.clean | while read -r target; do rm -f "/etc/$target"; done
  mv -f "$new" /etc/.clean
}

# put_link TARGET PLACE: at once, and over what Debian's packages put there.
put_link() {
  [ ! -d "$2" ] || [ -L "$2" ] || rmdir "$2" 2>/dev/null || return 0
  ln -s "$1" "$2.tmp" && mv -Tf "$2.tmp" "$2"
}

# Accounts as NixOS keeps them: those that a configuration declares, and declared before, are its own.
snippet_users() {
  [ -r @users@ ] || return 1
  mkdir -p /var/lib/nixos
  known=/var/lib/nixos/declarative-users
  [ -e "$known" ] || : >"$known"
  while read -r user uid home; do
    number=
    [ "$uid" = - ] || number="--uid $uid"
    # shellcheck disable=SC2086 # an option and its value
    getent passwd "$user" >/dev/null ||
      useradd $number --gid nogroup --no-create-home --home-dir "$home" --shell /run/current-system/sw/bin/bash "$user"
  done <@accounts@
  cut -d ' ' -f 1 @accounts@ >"$known.new"
  grep -vxFf "$known.new" "$known" | while read -r user; do userdel "$user"; done
  mv -f "$known.new" "$known"
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
