/**
 * What the `nix` engine runs on a host as root, a POSIX sh script with these parameters:
 * what (`activate` or `roll-back`), action of switch-to-configuration, profile to set, system to activate,
 * the profile and system that must be found there (`-`: any), seconds it may take.
 *
 * It compares and sets under a lock of its own, and runs in a session of its own with its output in a file,
 * so that a connection that goes takes neither the activation nor its words with it.
 * It exits as switch-to-configuration does (4: units failed), 124 when the time was over, and with these of its own:
 * 75 another run holds the lock, 76 the host is not where it should be, 77 the profile could not be set.
 */
export const activationScript = `
fleet_main() {
  what=$1 action=$2 profile=$3 system=$4 expected_profile=$5 expected_system=$6 seconds=$7
  export LC_ALL=C
  (umask 077 && mkdir -p /run/fleet) || exit 77
  exec 9>/run/fleet/activation.lock
  flock -n 9 || { echo "another fleet run is changing this host" >&2; exit 75; }
  link=/nix/var/nix/profiles/system
  # readlink -f names a last part that does not exist.
  found_profile=$([ -e "$link" ] && readlink -f "$link" || echo none)
  found_system=$([ -e /run/current-system ] && readlink -f /run/current-system || echo none)
  if [ "$expected_profile" != - ] && [ "$found_profile" != "$expected_profile" ] ||
     [ "$expected_system" != - ] && [ "$found_system" != "$expected_system" ]; then
    echo "found profile $found_profile and system $found_system" >&2
    exit 76
  fi
  [ -x "$system/bin/switch-to-configuration" ] || { echo "$system is not complete on this host" >&2; exit 77; }
  log=/run/fleet/$what.log done=/run/fleet/$what.exit
  rm -f "$done"
  : > "$log"
  # What activation makes must have the modes that it has at boot, whatever the login's umask is.
  umask 022
  # The lock travels with the activation: file descriptor 9 stays open in it.
  setsid sh -c '
    if [ "$3" != test ] && ! nix-env --profile /nix/var/nix/profiles/system --set "$1"; then code=77
    else timeout -k 10 "$4" "$2/bin/switch-to-configuration" "$3"; code=$?; fi
    echo "$code" > "$5.new" && mv "$5.new" "$5"
  ' sh "$profile" "$system" "$action" "$seconds" "$done" > "$log" 2>&1 < /dev/null &
  worker=$!
  tail -n +1 -s 0.1 --pid="$worker" -f "$log" 9>&-
  wait "$worker"
  [ -e "$done" ] || { echo "the activation was ended from outside" >&2; exit 1; }
  exit "$(cat "$done")"
}
fleet_main "$@" < /dev/null
`
