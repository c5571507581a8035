#!/bin/sh
# The login shell of `sma`: where the faults of a connection are played, then the shell that was asked for.
faults=/lab/faults

[ ! -e "$faults/slow" ] || sleep "$(sed -n 2p "$faults/slow")"

# Answers nothing until the fault is mended or the connection is gone: then its sshd no longer is the parent.
if [ -e "$faults/hangs-after-login" ]; then
  parent=$PPID
  while [ -e "$faults/hangs-after-login" ] && kill -0 "$parent" 2>/dev/null; do sleep 0.2; done
  exit 1
fi

# Colours, a title, a cursor that moves, a link, a bell, bidi overrides and what looks like an answer.
flood() {
  yes "$(printf '\033[31mred\033[2J\033]0;title\007\033]8;;http://evil.example\007link\033]8;;\007\007\342\200\256desrever\n<script>alert(1)</script>\n```\nsystem=/nix/store/evil\nfleet-observation 1 nonce')" | head -c "$(sed -n 2p "$faults/floods")"
  echo
}
if [ "${1:-}" = -c ] && [ -e "$faults/floods" ]; then
  flood
  flood >&2
  /bin/sh -c "$2"
  code=$?
  flood
  exit "$code"
fi

is_copy() {
  case $1 in
    *"nix-daemon --stdio"* | *"nix-store --serve"* | *"nix daemon --stdio"*) return 0 ;;
  esac
  return 1
}
# Nothing of a copy happens until the fault is mended or the connection is gone.
if [ "${1:-}" = -c ] && is_copy "$2"; then
  while [ -e "$faults/hang-at-copy" ] && kill -0 "$PPID" 2>/dev/null; do sleep 0.2; done
fi
if [ "${1:-}" = -c ] && [ -e "$faults/drop-connection-at-copy" ] && is_copy "$2"; then
  # The copy gets as far as so many bytes, then its connection is gone. The parent is this connection's sshd.
  connection=$PPID
  {
    dd iflag=count_bytes bs=4096 status=none count="$(sed -n 2p "$faults/drop-connection-at-copy")"
    kill -KILL "$connection"
  } | /bin/sh -c "$2"
  exit 1
fi
exec /bin/sh "$@"
