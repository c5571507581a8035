#!/bin/sh
# Plays the faults of an activation:  at STEP SYSTEM [BROKEN]
# A fault's file has two lines: the system it spares (the one that ran when the fault was set, so that a rollback works), and
# its parameter.
step=$1
system=$2
broken=${3:-}
faults=/lab/faults

armed() { [ -e "$faults/$1" ] && [ "$(sed -n 1p "$faults/$1")" != "$system" ]; }
parameter() { sed -n 2p "$faults/$1"; }
fail_unit() { /lab/bin/fail-unit "$system" "$1"; }

case $step in
  begin)
    # What was activated on this host, in order, whoever asked for it.
    echo "$system" >>/run/lab/activations
    if armed no-effect; then exit 1; fi
    ;;
  activate)
    if armed speaks; then printf '%b\n' "$(parameter speaks)"; fi
    if armed pours; then head -c "$(parameter pours)" /dev/zero | tr '\0' '\033'; fi
    if armed drop-connection-at-activate; then /lab/bin/drop-connections; fi
    if armed hang-at-activate; then
      while [ -e "$faults/hang-at-activate" ]; do sleep 0.1; done
    fi
    if armed activation-aborts; then
      echo "cannot activate: played by the fault activation-aborts" >&2
      exit 1
    fi
    # A system that stops sshd is left by activating another one, which starts it.
    if armed sshd-stops; then
      /lab/bin/stop-sshd "$(parameter sshd-stops)"
    elif [ "$broken" = sshd ]; then
      /lab/bin/stop-sshd
    elif [ -e /run/lab/sshd-stopped ]; then
      /lab/bin/start-sshd
    fi
    ;;
  snippets) if armed activation-fails; then exit 1; fi ;;
  units) if armed unit-fails; then fail_unit "$(parameter unit-fails)"; fi ;;
  end) if armed unit-fails-after; then fail_unit "$(parameter unit-fails-after)"; fi ;;
esac
exit 0
