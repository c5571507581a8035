#!/bin/sh
# switch-to-configuration of a host with a real systemd, written from the rules that NixOS documents: the order, the words and
# the exit codes of the real one. What to do with each unit is decided by unit-actions.awk before anything is touched.
toplevel=@out@
self=@self@
action=${1:-}
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH LC_ALL=C
# The one who started this may be gone: the switch goes on.
trap '' PIPE HUP

say() { echo "$*" >&2; }

case $action in
  switch | boot | test | dry-activate | check) ;;
  *)
    say "Usage: $0 [switch|boot|test|dry-activate|check]

switch:       make the configuration the boot default and activate now
boot:         make the configuration the boot default
test:         activate the configuration, but don't make it the boot default
dry-activate: show what would be done if this configuration were activated
check:        run pre-switch checks and exit"
    exit 1
    ;;
esac

[ -e /etc/NIXOS ] || {
  say "This is not a NixOS installation!"
  exit 1
}
mkdir -p /run/nixos && { true 9>/run/nixos/switch-to-configuration.lock; } 2>/dev/null || {
  say "Failed to create /run/nixos/switch-to-configuration.lock: Permission denied (os error 13)"
  exit 1
}
exec 9>/run/nixos/switch-to-configuration.lock
flock -n 9 || {
  say "Could not acquire lock"
  exit 1
}

# Pre-switch checks: an inhibitor that both systems have and that differs needs a reboot. One line a key: KEY=VALUE.
inhibitors_of() {
  tr -d '{}\n' <"$1/switch-inhibitors" | sed 's/","/"\n"/g; s/":"/=/g' | tr -d '"' | sort
}
changed_inhibitors() {
  [ -e /run/current-system/switch-inhibitors ] && [ -e "$toplevel/switch-inhibitors" ] || return 0
  inhibitors_of /run/current-system | while IFS='=' read -r key value; do
    new=$(inhibitors_of "$toplevel" | sed -n "s/^$key=/=/p")
    [ -z "$new" ] || [ "$new" = "=$value" ] || echo "  - $key: $value -> ${new#=}"
  done
}
if [ "$action" = boot ] || [ "$action" = dry-activate ]; then
  say "Not checking switch inhibitors (action = $action)"
elif [ -z "${NIXOS_NO_CHECK:-}" ]; then
  changes=$(changed_inhibitors)
  if [ -n "$changes" ]; then
    say "Checking switch inhibitors... failed

There are changes to critical components of the system:

$changes

Switching into this system is not recommended.
You probably want to run 'nixos-rebuild boot' and reboot your system instead.

If you really want to switch into this configuration directly, then
you can set NIXOS_NO_CHECK=1 to ignore pre-switch checks.

WARNING: doing so might cause the switch to fail or your system to become unstable.

Pre-switch check 'switchInhibitors' failed
Pre-switch checks failed"
    exit 1
  fi
  say "Checking switch inhibitors... done"
fi
[ "$action" != check ] || exit 0

# A fault of the lab: to exit 0 having done nothing.
[ "$action" = dry-activate ] || /lab/bin/at begin "$toplevel" || exit 0

# The boot default is the generation whose link is this system, as the boot loader's installer finds it.
case $action in
  switch | boot)
    /lab/bin/install-boot-loader "$toplevel" || {
      say "Failed to install bootloader"
      exit 1
    }
    [ "$action" != boot ] || exit 0
    ;;
esac

if [ "$(cat /run/current-system/init-interface-version 2>/dev/null)" != "$(cat "$toplevel/init-interface-version")" ]; then
  say "Warning: the new NixOS configuration has an ‘init’ that is
incompatible with the current configuration.  The new configuration
won't take effect until you reboot the system."
  exit 100
fi

work=$(mktemp -d /run/nixos/switch.XXXXXX)
trap 'rm -rf "$work"' EXIT

# list_units DIRECTORY: what is a file there, and what is masked.
list_units() {
  [ ! -d "$1" ] || find -L "$1" -maxdepth 2 \( -type f -printf 'f %P\n' -o -type c -printf 'm %P\n' \) 2>/dev/null
}
# states [MANAGER]: "UNIT ActiveState SubState" of every unit that is loaded.
states() {
  "${1:-systemctl}" list-units --all --full --plain --no-legend --no-pager | while read -r unit load state sub rest; do
    echo "$unit $state $sub"
  done
}

systemd_changes=no
[ "$(readlink -f /run/current-system/systemd)" = "$(readlink -f "$toplevel/systemd")" ] || systemd_changes=yes
[ "$(readlink -f /etc/systemd/system.conf)" = "$(readlink -f "$toplevel/etc/systemd/system.conf")" ] || systemd_changes=yes

list_units /etc/systemd/system >"$work/old"
list_units "$toplevel/etc/systemd/system" >"$work/new"
list_units /etc/systemd/user >"$work/old-user"
list_units "$toplevel/etc/systemd/user" >"$work/new-user"
old_user=$(readlink -f /etc/systemd/user)
states >"$work/before"
for side in old new; do
  [ "$side" = old ] && etc=/etc || etc=$toplevel/etc
  cat "$etc/fstab" >"$work/$side-fstab" 2>/dev/null
done
awk -v old=/etc/systemd/system -v new="$toplevel/etc/systemd/system" -v old_list="$work/old" -v new_list="$work/new" \
  -v old_fstab="$work/old-fstab" -v new_fstab="$work/new-fstab" -f "$self/share/unit-actions.awk" "$work/before" |
  sort -f -u >"$work/decided"

units_to() { sed -n "s/^$1 //p" "$work/decided"; }
joined() { echo "$1" | tr '\n' ',' | sed 's/,$//; s/,/, /g'; }
# tell WORDS UNITS: a line for a list of units that is not empty.
tell() { [ -z "$2" ] || say "$1: $(joined "$2")"; }
to_stop=$(units_to stop)
to_skip=$(units_to skip)
to_reload=$(units_to reload)
to_restart=$(units_to restart)
to_start=$(units_to start)
hidden=$(units_to start-hidden)
swaps=$(units_to swapoff)

if [ "$action" = dry-activate ]; then
  for swap in $swaps; do say "would stop swap device: $swap"; done
  tell "would stop the following units" "$to_stop"
  tell "would NOT stop the following changed units" "$to_skip"
  say "would activate the configuration..."
  "$toplevel/dry-activate"
  [ "$systemd_changes" = no ] || say "would restart systemd"
  tell "would reload the following units" "$to_reload"
  tell "would restart the following units" "$to_restart"
  tell "would start the following units" "$to_start"
  exit 0
fi

status=0
# do_units VERB UNITS [MANAGER…]: asks systemd, or the manager that is a command, to do that with units, if there are any.
do_units() {
  verb=$1
  # shellcheck disable=SC2086 # a list of words
  set -- "$(echo $2)" "${3:-systemctl}"
  # shellcheck disable=SC2086 # a list of words
  [ -z "$1" ] || "$2" "$verb" -- $1
}

tell "stopping the following units" "$to_stop"
do_units stop "$to_stop $(units_to stop-hidden)"
for swap in $swaps; do
  say "stopping swap device: $swap"
  swapoff "$swap" || status=4
done
tell "NOT restarting the following changed units" "$to_skip"
say "activating the configuration..."
"$toplevel/activate" 9>&- || {
  say "Failed to run activate script"
  status=2
}
if [ "$systemd_changes" = yes ]; then
  say "restarting systemd..."
  systemctl daemon-reexec
fi
systemctl reset-failed
systemctl daemon-reload || status=3

# The managers of all who are logged in or linger. What fails there is a failure of the switch.
user_manager() { /lab/bin/as-user "$uid" systemctl --user "$@"; }
switch_user_units() {
  states user_manager >"$work/states-user" || return
  awk -v old="$old_user" -v new="$toplevel/etc/systemd/user" -v old_list="$work/old-user" -v new_list="$work/new-user" \
    -f "$self/share/unit-actions.awk" "$work/states-user" | sort -f -u >"$work/decided"
  tell "stopping the following user units" "$(units_to stop)"
  do_units stop "$(units_to stop)" user_manager || return
  [ "$systemd_changes" = no ] || user_manager daemon-reexec || return
  user_manager daemon-reload || return
  tell "reloading the following user units" "$(units_to reload)"
  do_units reload "$(units_to reload)" user_manager || return
  tell "restarting the following user units" "$(units_to restart)"
  do_units restart "$(units_to restart)" user_manager || return
  tell "starting the following user units" "$(units_to start)"
  do_units start "$(units_to start) $(units_to start-hidden)" user_manager
}
/lab/bin/each-user-manager >"$work/managers"
while read -r uid user; do
  say "reloading user units for $user..."
  switch_user_units 9>&- </dev/null || {
    say "Failed to activate the user units of $user"
    status=4
  }
done <"$work/managers"

if [ -e /etc/systemd/system/sysinit-reactivation.target ]; then
  say "restarting sysinit-reactivation.target"
  systemctl restart sysinit-reactivation.target || status=4
fi
tell "reloading the following units" "$to_reload"
do_units reload "$to_reload" || status=4
tell "restarting the following units" "$to_restart"
do_units restart "$to_restart" || status=4
tell "starting the following units" "$to_start"
# Targets that ran are always started again, and bring what they want and what does not run.
do_units start "$to_start $hidden" || status=4
/lab/bin/at units "$toplevel"

# What is active now and was not, and what failed, whenever it did: a unit that waits for its next try after a failure has failed too.
states >"$work/after"
awk '
  NR == FNR { if ($2 == "active" || $2 == "activating") was[$1] = 1; next }
  $2 == "failed" { print "failed", $1; next }
  $3 == "auto-restart" && $1 ~ /\.service$/ { print "waits", $1; next }
  ($2 == "active" || $2 == "activating") && !($1 in was) && $1 !~ /\.scope$/ { print "new", $1 }
' "$work/before" "$work/after" | sort -f >"$work/report"
new=$(sed -n 's/^new //p' "$work/report")
failed=$(
  {
    sed -n 's/^failed //p' "$work/report"
    sed -n 's/^waits //p' "$work/report" | while read -r unit; do
      [ "$(systemctl show --property=ExecMainStatus --value "$unit")" = 0 ] || echo "$unit"
    done
  } | sort -f
)
tell "the following new units were started" "$new"
if [ -n "$failed" ]; then
  tell "warning: the following units failed" "$failed"
  # shellcheck disable=SC2086 # a list of words
  systemctl status --no-pager --full -- $failed >&2
  status=4
fi
/lab/bin/at end "$toplevel"
exit $status
