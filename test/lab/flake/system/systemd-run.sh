#!/bin/sh
# The played systemd-run: a transient unit is a process in a session of its own, so it outlives the connection that asked for it.
# Its output is in /run/lab/journal/UNIT; --pipe and --wait give it the caller's streams and exit code as the real one does.
states=/run/lab/units
unit=
description=
wait=no
pipe=no
quiet=no
collect=no
directory=/
while [ $# -gt 0 ]; do
  case $1 in
    --unit | -u)
      unit=$2
      shift
      ;;
    --unit=*) unit=${1#*=} ;;
    --description=*) description=${1#*=} ;;
    -E | --setenv)
      # NAME alone passes the caller's own value on, which an inherited environment does already.
      case $2 in *=*) export "$2" ;; esac
      shift
      ;;
    -E*) case ${1#-E} in *=*) export "${1#-E}" ;; esac ;;
    --setenv=*) case ${1#*=} in *=*) export "${1#*=}" ;; esac ;;
    --working-directory=*) directory=${1#*=} ;;
    --wait) wait=yes ;;
    --pipe | -P)
      pipe=yes
      wait=yes
      ;;
    --quiet | -q) quiet=yes ;;
    --collect | -G) collect=yes ;;
    -p | --property) shift ;;
    --property=* | -p* | --service-type=* | --no-ask-password | --no-block | --same-dir | -d | --system | --slice=* | --send-sighup) ;;
    --)
      shift
      break
      ;;
    -*)
      echo "systemd-run: unrecognized option '$1'" >&2
      exit 1
      ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || {
  echo "Command line to execute required." >&2
  exit 1
}
[ "$(id -u)" = 0 ] || {
  echo "Failed to start transient service unit: Interactive authentication required." >&2
  exit 1
}
[ -n "$unit" ] || unit=run-u$$
case $unit in *.service) ;; *) unit=$unit.service ;; esac
if [ -e "$states/$unit" ] && grep -qx 'ActiveState=\(active\|failed\)' "$states/$unit"; then
  echo "Failed to start transient service unit: Unit $unit was already loaded or has a fragment file." >&2
  exit 1
fi
mkdir -p "$states" /run/lab/journal
printf 'ActiveState=active\nSubState=running\nResult=success\nNRestarts=0\nDescription=%s\n' "${description:-$*}" >"$states/$unit"

# shellcheck disable=SC2016 # expanded by the inner shell
unit_body='
  trap "" HUP PIPE
  states=$1 unit=$2 collect=$3 directory=$4
  shift 4
  cd "$directory"
  "$@"
  code=$?
  echo "$code" >"$states/.$unit.exit"
  if [ "$code" = 0 ] || [ "$collect" = yes ]; then
    rm -f "$states/$unit"
  else
    printf "ActiveState=failed\nSubState=failed\nResult=exit-code\nNRestarts=0\n" >"$states/$unit"
  fi
  exit "$code"'
[ "$quiet" = yes ] || echo "Running as unit: $unit" >&2
if [ "$pipe" = yes ]; then
  exec setsid --wait sh -c "$unit_body" "$unit" "$states" "$unit" "$collect" "$directory" "$@"
elif [ "$wait" = yes ]; then
  exec setsid --wait sh -c "$unit_body" "$unit" "$states" "$unit" "$collect" "$directory" "$@" </dev/null >"/run/lab/journal/$unit" 2>&1
else
  setsid --fork sh -c "$unit_body" "$unit" "$states" "$unit" "$collect" "$directory" "$@" </dev/null >"/run/lab/journal/$unit" 2>&1
fi
