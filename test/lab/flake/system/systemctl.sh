#!/bin/sh
# The played systemctl. A unit's state is a file in /run/lab/units whose lines are properties, ActiveState first.
states=/run/lab/units
files=/etc/systemd/system
trap '' PIPE
case $0 in */reboot) set -- reboot ;; esac

command=
units=
properties=
wanted_state=
types=
legend=yes
plain=no
quiet=no
value_only=no
output=table
while [ $# -gt 0 ]; do
  case $1 in
    --version)
      echo "systemd $(sed 's/\..*//' "$(dirname "$(readlink -f "$0")")/../lib/version") ($(cat "$(dirname "$(readlink -f "$0")")/../lib/version"))"
      exit 0
      ;;
    -p | --property)
      properties="$properties,$2"
      shift
      ;;
    -p*) properties="$properties,${1#-p}" ;;
    --property=*) properties="$properties,${1#*=}" ;;
    -P)
      properties="$properties,$2"
      value_only=yes
      shift
      ;;
    --value) value_only=yes ;;
    --state)
      wanted_state=$2
      shift
      ;;
    --state=*) wanted_state=${1#*=} ;;
    --failed) wanted_state=failed ;;
    -t | --type)
      types=$2
      shift
      ;;
    --type=*) types=${1#*=} ;;
    -o | --output)
      output=$2
      shift
      ;;
    --output=*) output=${1#*=} ;;
    --no-legend | --legend=false) legend=no ;;
    --plain) plain=yes ;;
    -q | --quiet) quiet=yes ;;
    --full | -l | --no-pager | --all | -a | --no-ask-password | --system | --no-block | --now | --no-warn) ;;
    --) ;;
    -*)
      echo "systemctl: unrecognized option '$1'" >&2
      exit 1
      ;;
    *) if [ -z "$command" ]; then command=$1; else units="$units $1"; fi ;;
  esac
  shift
done
set -f
properties=${properties#,}

# The full name of a unit: foo is foo.service.
full_name() {
  case $1 in
    *.service | *.target | *.timer | *.socket | *.mount | *.path | *.slice | *.scope | '*') echo "$1" ;;
    *) echo "$1.service" ;;
  esac
}

state_of() {
  state=inactive
  [ ! -e "$states/$1" ] || read -r state <"$states/$1"
  state=${state#ActiveState=}
}

need_root() {
  [ "$(id -u)" = 0 ] || {
    echo "Failed to $command ${units# }: Interactive authentication required." >&2
    exit 1
  }
}

# set_state UNIT ACTIVE SUB RESULT [ran]: `ran`, of a unit that did its work and ended.
set_state() {
  restarts=0
  read -r uptime _ </proc/uptime
  mkdir -p "$states"
  entered=$(sed -n 's/^ActiveEnterTimestampMonotonic=//p' "$states/$1" 2>/dev/null)
  left=$(sed -n 's/^InactiveExitTimestampMonotonic=//p' "$states/$1" 2>/dev/null)
  # What only failed, or ran and ended, was never active.
  case $2/${5:-} in active/*) entered=${uptime%.*}000000 ;; esac
  case $2/${5:-} in active/* | failed/* | */ran) left=${uptime%.*}000000 ;; esac
  printf 'ActiveState=%s\nSubState=%s\nResult=%s\nNRestarts=%s\nInactiveExitTimestampMonotonic=%s\nActiveEnterTimestampMonotonic=%s\nStateChangeTimestampMonotonic=%s\n' \
    "$2" "$3" "$4" "$restarts" "${left:-0}" "${entered:-0}" "${uptime%.*}000000" >"$states/.$1.new"
  mv -f "$states/.$1.new" "$states/$1"
}

# A service that has a port listens on it, on the host's own address.
listen() {
  port=$(sed -n 's/^X-Lab-Listens=//p' "$files/$1")
  [ -n "$port" ] || return 0
  mkdir -p "/run/lab/www/$1"
  echo "$1 of $(hostname)" >"/run/lab/www/$1/index.html"
  setsid busybox httpd -f -p "$(cat /lab/address):$port" -h "/run/lab/www/$1" </dev/null >/dev/null 2>&1 9>&- &
  echo $! >"/run/lab/www/$1.pid"
}

fall_silent() {
  [ -e "/run/lab/www/$1.pid" ] || return 0
  kill "$(cat "/run/lab/www/$1.pid")" 2>/dev/null
  rm -f "/run/lab/www/$1.pid"
}

start_unit() {
  fall_silent "$1"
  if [ ! -e "$files/$1" ]; then
    echo "Failed to start $1: Unit $1 not found." >&2
    return 5
  fi
  if grep -q '^X-Lab-Fails=true' "$files/$1"; then
    set_state "$1" failed failed exit-code
    echo "Job for $1 failed because the control process exited with error code." >&2
    echo "See \"systemctl status $1\" and \"journalctl -xeu $1\" for details." >&2
    return 1
  fi
  case $1 in
    *.target) set_state "$1" active active success ;;
    *.timer) set_state "$1" active waiting success ;;
    *.socket) set_state "$1" active listening success ;;
    *.mount) set_state "$1" active mounted success ;;
    *)
      if grep -q '^RemainAfterExit=true' "$files/$1"; then
        set_state "$1" active exited success
      elif grep -q '^Type=oneshot' "$files/$1"; then
        set_state "$1" inactive dead success ran
      else
        listen "$1"
        set_state "$1" active running success
      fi
      ;;
  esac
}

stop_unit() {
  fall_silent "$1"
  state_of "$1"
  [ "$state" = inactive ] || set_state "$1" inactive dead success
  # A unit whose file is gone is forgotten once it has stopped.
  [ -e "$files/$1" ] || rm -f "$states/$1"
}

# All units that have a state, in order.
known_units() {
  set +f
  for file in "$states"/*; do
    [ ! -e "$file" ] || echo "${file##*/}"
  done
  set -f
}

# The names of the links in a directory of units.
linked() {
  [ ! -d "$files/$1" ] || ls "$files/$1" | tr '\n' ' ' | sed 's/ $//'
}

# One record a unit for awk: NAME, its state file, its unit file, what links have it want and require.
show_units() {
  for unit in $1; do
    fragment=
    [ ! -e "$files/$unit" ] || fragment=$files/$unit
    printf '%s\t%s\t%s\t%s\t%s\n' "$unit" "$states/$unit" "$fragment" "$(linked "$unit.wants")" "$(linked "$unit.requires")"
  done | awk -F '\t' -v properties="$properties" -v value_only="$value_only" '
    function add(key, value) { order[++count] = key; values[key] = value }
    function read_keys(file, wanted, line, at, key) {
      while ((getline line < file) > 0) {
        at = index(line, "=")
        key = substr(line, 1, at - 1)
        if (wanted == "" || index(wanted, " " key " ")) if (!(key in values) || wanted == "") add(key, substr(line, at + 1))
      }
      close(file)
    }
    function joined(one, other) { return one (one != "" && other != "" ? " " : "") other }
    function read_needs(file, line, at, key) {
      while ((getline line < file) > 0) {
        at = index(line, "=")
        key = substr(line, 1, at - 1)
        if (key in needs) needs[key] = joined(needs[key], substr(line, at + 1))
      }
      close(file)
    }
    {
      split("", order); split("", values); count = 0
      add("Id", $1)
      add("Names", $1)
      add("Following", "")
      split("Requires Requisite Wants BindsTo PartOf Upholds", ways, " ")
      for (i = 1; i <= 6; i++) needs[ways[i]] = ""
      if ($3 != "") read_needs($3)
      needs["Wants"] = joined(needs["Wants"], $4)
      needs["Requires"] = joined(needs["Requires"], $5)
      for (i = 1; i <= 6; i++) add(ways[i], needs[ways[i]])
      read_keys($2, "")
      if (!("ActiveState" in values)) { add("ActiveState", "inactive"); add("SubState", "dead"); add("Result", "success"); add("NRestarts", "0"); add("InactiveExitTimestampMonotonic", "0"); add("ActiveEnterTimestampMonotonic", "0") }
      add("ConditionResult", values["ActiveState"] == "inactive" && values["InactiveExitTimestampMonotonic"] == "0" ? "no" : "yes")
      add("ConditionTimestampMonotonic", values["InactiveExitTimestampMonotonic"])
      add("LoadState", $3 == "" ? ("Description" in values ? "loaded" : "not-found") : "loaded")
      add("UnitFileState", $3 == "" ? "" : "enabled")
      add("FragmentPath", $3)
      add("NeedDaemonReload", "no")
      add("ExecMainStatus", values["ActiveState"] == "failed" ? "1" : "0")
      if ($3 != "") read_keys($3, " Description Type ")
      if (!("Description" in values)) add("Description", $1)
      if (!("Type" in values)) add("Type", "simple")
      if (NR > 1) print ""
      asked = "," properties ","
      for (i = 1; i <= count; i++)
        if (properties == "" || index(asked, "," order[i] ","))
          print (value_only == "yes" ? "" : order[i] "=") values[order[i]]
    }'
}

list_units() {
  for unit in $(known_units); do
    case ",$types," in
      ,,) ;;
      *",${unit##*.},"*) ;;
      *) continue ;;
    esac
    state_of "$unit"
    if [ -n "$wanted_state" ]; then
      case ",$wanted_state," in *",$state,"*) ;; *) continue ;; esac
    elif [ "$state" = inactive ]; then
      continue
    fi
    sub=$(sed -n 's/^SubState=//p' "$states/$unit")
    description=$unit
    [ ! -e "$files/$unit" ] || description=$(sed -n 's/^Description=//p' "$files/$unit")
    load=loaded
    [ -e "$files/$unit" ] || load=not-found
    printf '%s\t%s\t%s\t%s\t%s\n' "$unit" "$load" "$state" "$sub" "$description"
  done | awk -F '\t' -v legend="$legend" -v plain="$plain" -v output="$output" '
    { for (i = 1; i <= 5; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    function widen(i, text) { if (length(text) > width[i]) width[i] = length(text) }
    function row(mark, a, b, c, d, e) {
      sub(/[ ]+$/, "", e)
      return mark sprintf("%-" width[1] "s %-" width[2] "s %-" width[3] "s %-" width[4] "s %s", a, b, c, d, e)
    }
    END {
      if (output == "json") {
        printf "["
        for (n = 1; n <= NR; n++)
          printf "%s{\"unit\":\"%s\",\"load\":\"%s\",\"active\":\"%s\",\"sub\":\"%s\",\"description\":\"%s\"}", (n > 1 ? "," : ""), cell[n, 1], cell[n, 2], cell[n, 3], cell[n, 4], cell[n, 5]
        print "]"
        exit
      }
      indent = plain == "yes" ? "" : "  "
      if (legend == "yes" && NR) {
        widen(1, "UNIT"); widen(2, "LOAD"); widen(3, "ACTIVE"); widen(4, "SUB")
        print row(indent, "UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION")
      }
      for (n = 1; n <= NR; n++)
        print row(plain == "yes" ? "" : (cell[n, 3] == "failed" ? "● " : "  "), cell[n, 1], cell[n, 2], cell[n, 3], cell[n, 4], cell[n, 5])
      if (legend == "yes") printf "\n%d loaded units listed.\n", NR
    }'
}

# Those that a target wants and that do not run.
start_targets() {
  set +f
  for link in "$files"/*.target.wants/*; do
    [ -e "$link" ] || continue
    unit=${link##*/}
    state_of "$unit"
    [ "$state" = active ] || start_unit "$unit" 2>/dev/null
  done
  for file in "$files"/*.target; do
    unit=${file##*/}
    case $unit in shutdown.target | graphical.target) continue ;; esac
    [ -e "$states/$unit" ] || set_state "$unit" active active success
  done
  for file in "$files"/*.service "$files"/*.timer; do
    unit=${file##*/}
    [ ! -e "$file" ] || [ -e "$states/$unit" ] || set_state "$unit" inactive dead success
  done
  set -f
}

case ${command:-list-units} in
  is-system-running)
    if grep -lqx 'ActiveState=failed' "$states"/ -r 2>/dev/null; then word=degraded; else word=running; fi
    [ "$quiet" = yes ] || echo "$word"
    [ "$word" = running ]
    ;;
  list-units) list_units ;;
  is-active)
    result=3
    for unit in $units; do
      unit=$(full_name "$unit")
      state_of "$unit"
      [ "$quiet" = yes ] || echo "$state"
      if [ "$state" = active ]; then
        result=0
      elif [ "$result" = 3 ] && [ ! -e "$states/$unit" ] && [ ! -e "$files/$unit" ]; then
        result=4
      fi
    done
    exit $result
    ;;
  is-failed)
    result=1
    for unit in $units; do
      state_of "$(full_name "$unit")"
      [ "$quiet" = yes ] || echo "$state"
      [ "$state" != failed ] || result=0
    done
    exit $result
    ;;
  show)
    if [ -z "$units" ]; then
      case ",$properties," in
        *,SystemState,*) if [ "$value_only" = yes ]; then "$0" is-system-running; else echo "SystemState=$("$0" is-system-running)"; fi ;;
        *) echo "Version=$("$0" --version | sed 's/.*(\(.*\))/\1/')" ;;
      esac
      exit 0
    fi
    names=
    for unit in $units; do
      unit=$(full_name "$unit")
      if [ "$unit" = '*' ]; then names="$names $(known_units)"; else names="$names $unit"; fi
    done
    show_units "$names"
    ;;
  status)
    for unit in $units; do
      unit=$(full_name "$unit")
      state_of "$unit"
      [ "$state" = active ] && mark=● || mark=×
      printf '%s %s\n     Loaded: loaded (%s; enabled)\n     Active: %s\n' "$mark" "$unit" "$files/$unit" "$state"
      [ "$state" = active ] || result=3
    done
    exit "${result:-0}"
    ;;
  start | restart | reload | reload-or-restart | try-restart)
    need_root
    result=0
    for unit in $units; do start_unit "$(full_name "$unit")" || result=$?; done
    exit $result
    ;;
  stop)
    need_root
    for unit in $units; do stop_unit "$(full_name "$unit")"; done
    ;;
  reset-failed)
    need_root
    for unit in ${units:-$(known_units)}; do
      unit=$(full_name "$unit")
      state_of "$unit"
      [ "$state" != failed ] || set_state "$unit" inactive dead success
      [ -e "$files/$unit" ] || [ "$state" = active ] || rm -f "$states/$unit"
    done
    ;;
  daemon-reload | daemon-reexec) need_root ;;
  reboot)
    need_root
    rm -f /run/lab/ready
    touch /lab/reboot
    kill -TERM 1
    ;;
  lab-fail)
    need_root
    for unit in $units; do
      fall_silent "$unit"
      set_state "$unit" failed failed exit-code
    done
    ;;
  lab-start-targets)
    need_root
    start_targets
    ;;
  *)
    echo "Unknown command verb '$command'." >&2
    exit 1
    ;;
esac
