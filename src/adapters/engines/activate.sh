#!/bin/sh
# What fleet runs on a host, as root, to make a system the host's own. It lies in /run/fleet/activations/ID and is called as
#
#   activate start ID ACTION PROFILE SYSTEM OLD_PROFILE OLD_SYSTEM SECONDS CONFIRM_SECONDS GO_BACK FAILED_BEFORE
#   activate follow ID LINES       goes on telling what `start` began, from after so many lines
#   activate confirm ID LINES      called after 79, by a new connection: the host can be reached, so the system may stay
#   activate dry-activate SYSTEM SECONDS
#
# `start` sets the profile and runs switch-to-configuration in a unit, or a session, of its own, so that a connection that
# goes takes neither the activation nor its words with it. OLD_… is what must be found (`-`: anything, `none`: no profile),
# and where the host goes back to by itself: when the activation failed, if GO_BACK is `yes`; and when CONFIRM_SECONDS have
# passed after it without a confirmation (0: it needs none). What happened can be read in /run/fleet until the next boot.
#
# FAILED_BEFORE are units with a comma between them. switch-to-configuration exits with 4 and names every failed unit, also
# those that had failed long before: where it names no other than these, all is well.
#
# It exits as switch-to-configuration does (4: units failed), 124 or 137 when SECONDS were over, and with these of its own:
#   75  another activation of fleet runs on this host          78  not confirmed; went back
#   76  the host is not where it was expected                  79  activated; waits for its confirmation
#   77  the profile could not be set, or nothing could start   81  not confirmed, and the rollback failed

umask 077
export LC_ALL=C
link=/nix/var/nix/profiles/system
say() { echo "fleet: $*"; }

start() {
  find /run/fleet/activations -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +
  # What is in there is for root; that an activation runs is for everybody to see.
  chmod 755 /run/fleet && : >"$results/log" || exit 77
  # systemd looks for $ and % in arguments, hence a file rather than a script among them.
  set -- sh "$results/activate" work "$id" "$@"
  if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
    systemd-run --quiet --collect --no-ask-password --service-type=exec --unit="fleet-$id" \
      --description="fleet activates a system" --setenv=PATH="$PATH" -- "$@" || exit 77
  else
    setsid "$@" </dev/null >/dev/null 2>&1 &
  fi
  watch activating 0
}

follow() { watch activating "$1"; }

confirm() {
  [ ! -e "$results/waiting" ] || once decision confirmed
  watch working "$1"
}

# Shows the log from after so many lines until the lock of that name is free, then tells how it ended.
watch() {
  tries=0
  until [ -L "$results/begun" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 400 ] && once begun never; then
      say "the activation did not start within 20 s" >&2
      exit 77
    fi
    sleep 0.05
  done
  flock --shared "$results/$1" true &
  tail -n "+$(($2 + 1))" -s 0.1 --pid=$! -f "$results/log"
  wait $!
  [ ! -e "$results/exit" ] || exit "$(cat "$results/exit")"
  [ "$1" = working ] || [ ! -e "$results/waiting" ] || exit 79
  # Who works has gone without a word. Where it had activated already, and the host was confirmed, all is said.
  [ "$(readlink "$results/decision")" != confirmed ] || exit "$(cat "$results/waiting")"
  say "the activation was ended from outside" >&2
  exit 1
}

# once QUESTION ANSWER: a link is there at once and whole, and cannot be replaced. Whoever makes it first has decided.
once() { ln -s "$2" "$results/$1" 2>/dev/null; }

work() {
  action=$1 profile=$2 system=$3 old_profile=$4 old_system=$5 seconds=$6 confirm_seconds=$7 go_back=$8 failed_before=$9
  exec </dev/null >>"$results/log" 2>&1
  # A lock ends with its holder, however that happens. 9 is the host's and travels with the activation.
  exec 7>"$results/working" 8>"$results/activating" 9>/run/fleet/activation.lock
  flock 7 && flock 8 && once begun now || exit 77
  flock -n 9 || { say "another activation of fleet runs on this host"; finish 75; }
  expect
  [ -x "$system/bin/switch-to-configuration" ] || { say "$system is not complete on this host"; finish 77; }
  # What activation makes must have the modes that it has at boot.
  umask 022
  keep || finish 77
  put "$profile" "$system"
  code=$?
  [ $code != 77 ] || finish $code
  if [ $code != 0 ] && [ "$go_back" = yes ]; then back; finish $code; fi
  [ "$confirm_seconds" != 0 ] || finish $code
  echo $code >"$results/waiting"
  exec 8>&-
  # shellcheck disable=SC2016 # expanded by the inner shell
  timeout "$confirm_seconds" sh -c 'until [ -L "$1" ]; do sleep 0.1; done' sh "$results/decision" 7>&-
  # Where the link cannot be made, for want of space, nobody has confirmed either.
  once decision unconfirmed
  [ "$(readlink "$results/decision")" != confirmed ] || finish $code
  say "no new connection confirmed the activation within $confirm_seconds s"
  if back; then finish 78; else finish 81; fi
}

finish() {
  echo "$1" >"$results/exit.new" && mv "$results/exit.new" "$results/exit"
  exit "$1"
}

# Ends here unless the host is where it should be.
expect() {
  # readlink -f names a last part that does not exist.
  found_profile=$([ -e "$link" ] && readlink -f "$link" || echo none)
  found_system=$([ -e /run/current-system ] && readlink -f /run/current-system || echo none)
  [ "$old_profile" = - ] || [ "$old_profile" = "$found_profile" ] &&
    { [ "$old_system" = - ] || [ "$old_system" = "$found_system" ]; } && return
  say "found profile $found_profile and system $found_system"
  finish 76
}

# A garbage collection must not take the way back.
keep() {
  [ "$old_system" != - ] || return 0
  # A host without a profile had nothing to boot before: its system is the best that can be set.
  [ "$old_profile" != none ] || old_profile=$old_system
  mkdir -p /nix/var/nix/gcroots/fleet && ln -sfn "$old_profile" /nix/var/nix/gcroots/fleet/old-profile &&
    ln -sfn "$old_system" /nix/var/nix/gcroots/fleet/old-system
}

back() {
  say "rolling back to $old_system"
  put "$old_profile" "$old_system"
  back_code=$?
  [ $back_code != 0 ] || return 0
  # The system is back; what a user's own manager could not do there is no failure of it.
  if [ $back_code = 4 ] && only_users; then
    say "units of a user failed in the rollback"
    say "units of a user failed during the rollback"
    return 0
  fi
  say "rollback failed: exit $back_code"
  return 1
}

# put PROFILE SYSTEM: sets the one and runs the other. A profile may hold another system, which is to be booted next.
put() {
  [ "$action" = test ] || nix-env --profile "$link" --set "$1" || return 77
  next=$(dirname "$(readlink -f "$1/nixos-version")")
  case $action in
    test) switch "$2" test ;;
    boot) switch "$next" boot ;;
    switch) if [ "$next" = "$2" ]; then switch "$2" switch; else switch "$next" boot && switch "$2" test; fi ;;
  esac
}

switch() {
  from=$(wc -c <"$results/log")
  timeout -k 10 "$seconds" "$1/bin/switch-to-configuration" "$2" 7>&- 8>&-
  result=$?
  if [ $result = 4 ] && only_old; then return 0; fi
  # Codes that mean something else here.
  if [ $result -ge 75 ] && [ $result -le 81 ]; then return 1; fi
  return $result
}

# True where this switch told of no failed unit of the system, and of one of a user (NixOS 26.11 exits with 4 for either).
only_users() {
  said=$(tail -c "+$((from + 1))" "$results/log")
  ! printf '%s\n' "$said" | grep -q '^warning: the following units failed: \|^Failed to run activate script\|^Activation script snippet .* failed' &&
    printf '%s\n' "$said" | grep -qi '^[^ ]*fail.*\<user\|^warning: the following user units failed'
}

# True where every unit of which this switch has told a failure had failed before it, and nothing else has failed: the 4 of a
# failed unit takes the place of the 2 of a failed activation script.
only_old() {
  warning='^warning: the following units failed: '
  said=$(tail -c "+$((from + 1))" "$results/log")
  printf '%s\n' "$said" | grep -q "$warning" || return 1
  ! printf '%s\n' "$said" | grep -q '^Failed to run activate script\|^Activation script snippet .* failed' || return 1
  old=
  for unit in $(printf '%s\n' "$said" | sed -n -e "s/$warning//p" -e 's/^Job for \([^ ]*\) .*/\1/p' \
    -e 's/^Failed to [a-z]* \([^ ]*\.[a-z]*\).*/\1/p' | tr ',' ' '); do
    case ",$failed_before," in
      *",$unit,"*) case ", $old, " in *", $unit, "*) ;; *) old="$old${old:+, }$unit" ;; esac ;;
      *) return 1 ;;
    esac
  done
  say "still failed, as before: $old"
}

if [ "$1" = dry-activate ]; then
  [ -x "$2/bin/switch-to-configuration" ] || { say "$2 is not complete on this host" >&2; exit 77; }
  exec timeout -k 10 "$3" "$2/bin/switch-to-configuration" dry-activate </dev/null
fi
verb=$1 id=$2 results=/run/fleet/activations/$2
shift 2
"$verb" "$@"
