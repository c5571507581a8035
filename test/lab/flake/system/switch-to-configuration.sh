#!/bin/sh
# The played switch-to-configuration: the order, the words and the exit codes of the real one, over the played systemctl.
toplevel=@out@
self=@self@
action=${1:-}
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin
export PATH
# The one who started this may be gone: the switch goes on.
trap '' PIPE

say() { echo "$*" >&2; }
systemctl() { "$toplevel/systemd/bin/systemctl" "$@"; }

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

# Pre-switch checks: a changed inhibitor needs a reboot.
if [ "$action" != boot ] && [ -z "${NIXOS_NO_CHECK:-}" ] && [ -e /run/current-system/switch-inhibitors ] &&
  ! cmp -s /run/current-system/switch-inhibitors "$toplevel/switch-inhibitors"; then
  say "There are changes to critical components of the system:"
  say
  say "switch-inhibitors: $(cat /run/current-system/switch-inhibitors) -> $(cat "$toplevel/switch-inhibitors")"
  say
  say "Switching into this system is not recommended. You probably want to run 'nixos-rebuild boot' and reboot your system instead."
  say "Pre-switch checks failed"
  exit 1
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

# What to do with each unit, decided before anything is touched.
states=/run/lab/units
unit_states() {
  for file in "$states"/*; do
    [ -e "$file" ] || continue
    read -r state <"$file"
    echo "${file##*/} ${state#ActiveState=}"
  done
}
# list_units DIRECTORY: what is a file there, and what is masked.
list_units() {
  find -L "$1" -maxdepth 2 \( -type f -printf 'f %P\n' -o -type c -printf 'm %P\n' \)
}
running=/run/current-system/etc/systemd/system
list_units "$running" >/run/nixos/old-units
list_units "$toplevel/etc/systemd/system" >/run/nixos/new-units
decisions=$(unit_states | awk -v old="$running" -v new="$toplevel/etc/systemd/system" -v old_list=/run/nixos/old-units \
  -v new_list=/run/nixos/new-units -f "$self/share/unit-actions.awk" | sort -f -u)
units_to() { echo "$decisions" | sed -n "s/^$1 //p"; }
joined() { echo "$1" | tr '\n' ',' | sed 's/,$//; s/,/, /g'; }
# tell WORDS UNITS: a line for a list of units that is not empty.
tell() { [ -z "$2" ] || say "$1: $(joined "$2")"; }
to_stop=$(units_to stop)
to_skip=$(units_to skip)
to_reload=$(units_to reload)
to_restart=$(units_to restart)
to_start=$(units_to start)
if [ "$(readlink -f /run/current-system/systemd)" != "$(readlink -f "$toplevel/systemd")" ]; then
  restart_systemd=yes
else
  restart_systemd=no
fi

if [ "$action" = dry-activate ]; then
  tell "would stop the following units" "$to_stop"
  tell "would NOT stop the following changed units" "$to_skip"
  say "would activate the configuration..."
  "$toplevel/dry-activate"
  [ "$restart_systemd" = no ] || say "would restart systemd"
  tell "would reload the following units" "$to_reload"
  tell "would restart the following units" "$to_restart"
  tell "would start the following units" "$to_start"
  exit 0
fi

status=0
before=$(unit_states | sed -n 's/ active$//p')
tell "stopping the following units" "$to_stop"
for unit in $to_stop; do systemctl stop "$unit"; done
tell "NOT restarting the following changed units" "$to_skip"
say "activating the configuration..."
"$toplevel/activate" 9>&- || {
  say "Failed to run activate script"
  status=2
}
[ "$restart_systemd" = no ] || say "restarting systemd..."
systemctl reset-failed
systemctl daemon-reload
tell "reloading the following units" "$to_reload"
for unit in $to_reload; do systemctl reload "$unit"; done
tell "restarting the following units" "$to_restart"
for unit in $to_restart; do systemctl restart "$unit" || status=4; done
tell "starting the following units" "$to_start"
for unit in $to_start; do systemctl start "$unit" || status=4; done
# The targets are always started again, and bring what they want and what does not run.
systemctl lab-start-targets
/lab/bin/at units "$toplevel"

new=
failed=
for line in $(unit_states | sort -f | tr ' ' '='); do
  unit=${line%=*}
  case ${line##*=} in
    failed) failed="$failed${failed:+, }$unit" ;;
    active)
      case "
$before
$to_start
" in
        *"
$unit
"*) ;;
        *) new="$new${new:+, }$unit" ;;
      esac
      ;;
  esac
done
[ -z "$new" ] || say "the following new units were started: $new"
if [ -n "$failed" ]; then
  say "warning: the following units failed: $failed"
  status=4
fi
/lab/bin/at end "$toplevel"
exit $status
