#!/bin/sh
# A double of `activate`, the program of deploy-rs on the host: the same command line, words, order of steps and exit codes,
# over the host's own nix-env. It looks for the canary again and again where the real one is told of it by inotify.
# For tests of the double itself: FLEET_DOUBLE_ROOT goes before every path that is looked at, FLEET_DOUBLE_SECOND is how
# long a second takes.
root=${FLEET_DOUBLE_ROOT:-}
second=${FLEET_DOUBLE_SECOND:-1}
escape=$(printf '\033')
# The real one ignores a closed stream until its next log line, which ends it with a panic.
trap '' PIPE
trap 'echo "Received SIGHUP - ignoring..." 2>/dev/null' HUP

say() {
  case $1 in
    INFO) mark='ℹ️' color=51 ;;
    WARN) mark='⚠️' color=208 ;;
    ERROR) mark='❌' color=196 ;;
  esac
  printf '%s %s [%s] [%s[38;5;%sm%s%s[0m] %s\n' "$emoji" "$mark" "$tag" "$escape" "$color" "$1" "$escape" "$2" >&2 || exit 101
}
fail() {
  say ERROR "$1"
  exit 1
}
# Runs a program as the real one does: with the signals as they are by default.
start() (
  trap - PIPE HUP
  exec "$@"
)

while :; do
  case ${1:-} in
    --debug-logs | -d) shift ;;
    --log-dir) shift 2 ;;
    *) break ;;
  esac
done
tag=${1:-}
[ $# = 0 ] || shift
closure= profile= profile_user= profile_name= temp= confirm_timeout= activation_timeout=240
magic=no auto=no dry=0 boot=0
case $tag in
  activate | wait)
    closure=${1:-}
    [ $# = 0 ] || shift
    ;;
  revoke) ;;
  *)
    echo "error: unrecognized subcommand '$tag'" >&2
    exit 2
    ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --profile-path) profile=$2; shift ;;
    --profile-user) profile_user=$2; shift ;;
    --profile-name) profile_name=$2; shift ;;
    --temp-path) temp=$2; shift ;;
    --confirm-timeout) confirm_timeout=$2; shift ;;
    --activation-timeout) activation_timeout=$2; shift ;;
    --magic-rollback) magic=yes ;;
    --auto-rollback) auto=yes ;;
    --dry-activate) dry=1 ;;
    --boot) boot=1 ;;
    *)
      echo "error: unexpected argument '$1' found" >&2
      exit 2
      ;;
  esac
  shift
done
if [ -z "$profile" ]; then
  state=${NIX_STATE_DIR:-/nix/var/nix}
  if [ "$profile_user" = root ] && [ "$profile_name" = system ]; then
    profile=$state/profiles/system
  elif [ "$profile_user" = root ] || [ -e "$root$state/profiles/per-user/$profile_user" ]; then
    profile=$state/profiles/per-user/$profile_user/$profile_name
  else
    profile=${XDG_STATE_HOME:-$HOME/.local/state}/nix/profiles/$profile_name
  fi
fi
hash=${closure#/nix/store/}
canary=$root$temp/deploy-rs-canary-${hash%%-*}

deactivate() {
  say WARN "De-activating due to error"
  start nix-env -p "$profile" --rollback
  code=$?
  [ "$code" = 0 ] || { reason="The rollback resulted in a bad exit code: Some($code)"; return 1; }
  generations=$(start nix-env -p "$profile" --list-generations)
  code=$?
  [ "$code" = 0 ] || { reason="Command for listing generations resulted in a bad exit code: Some($code)"; return 1; }
  # The last line of the list, whichever generation that is.
  last=$(printf '%s\n' "$generations" | sed -n '$s/^ *\([0-9]*\).*/\1/p')
  say WARN "Removing generation by ID $last"
  start nix-env -p "$profile" --delete-generations "$last"
  code=$?
  [ "$code" = 0 ] || { reason="Command for deleting generations resulted in a bad exit code: Some($code)"; return 1; }
  say INFO "Attempting to re-activate the last generation"
  [ -x "$root$profile/deploy-rs-activate" ] || {
    reason="Failed to run command for re-activating the last generation: No such file or directory (os error 2)"
    return 1
  }
  (cd "$root$profile" && PROFILE=$profile start "$root$profile/deploy-rs-activate")
  code=$?
  [ "$code" = 0 ] || { reason="Command for re-activating the last generation resulted in a bad exit code: Some($code)"; return 1; }
}
go_back() {
  deactivate || fail "${1}$reason"
}
while_activating="There was an error de-activating after an error was encountered: "

# until_true SECONDS COMMAND…: false when the time is over.
until_true() {
  left=$(($1 * 5))
  shift
  until "$@"; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep "$tick"
  done
}
tick=$(awk "BEGIN { print $second / 5 }")
is_gone() { [ ! -e "$canary" ]; }

case $tag in
  revoke)
    emoji='↩️'
    go_back ''
    ;;
  wait)
    emoji='👀'
    [ -d "$root$temp" ] || fail "Error creating watcher for activation: No such file or directory (os error 2) about [\"$temp\"]"
    # One that is there already is taken for the one that is waited for.
    [ ! -e "$canary" ] || exit 0
    say INFO "Waiting for confirmation event..."
    until_true "$activation_timeout" test -e "$canary" ||
      fail "Error waiting for activation: Timeout elapsed for confirmation"
    say INFO "Found canary file, done waiting!"
    ;;
  activate)
    emoji='⭐'
    place=$profile
    if [ "$dry" = 1 ]; then
      place=$closure
    else
      say INFO "Activating profile"
      start nix-env -p "$profile" --set "$closure"
      ended=$?
      if [ "$ended" != 0 ]; then
        [ "$auto" = no ] || go_back "$while_activating"
        fail "The command for setting profile resulted in a bad exit code: Some($ended)"
      fi
    fi
    (cd "$root$place" && PROFILE=$place DRY_ACTIVATE=$dry BOOT=$boot start "$root$place/deploy-rs-activate")
    ended=$?
    # Of a dry run nobody asks how it went.
    [ "$dry" = 0 ] || exit 0
    if [ "$ended" != 0 ]; then
      [ "$auto" = no ] || go_back "$while_activating"
      fail "The activation script resulted in a bad exit code: Some($ended)"
    fi
    say INFO "Activation succeeded!"
    if [ "$magic" = yes ] && [ "$boot" = 0 ]; then
      say INFO "Magic rollback is enabled, setting up confirmation hook..."
      mkdir -p "$root$temp"
      : >"$canary"
      say INFO "Waiting for confirmation event..."
      # With auto-rollback off, too. The canary stays.
      until_true "$confirm_timeout" is_gone || {
        go_back "$while_activating"
        fail "Failed to get activation confirmation: Error waiting for confirmation event: Timeout elapsed for confirmation"
      }
    fi
    ;;
esac
exit 0
