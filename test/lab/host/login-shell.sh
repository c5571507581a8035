#!/bin/sh
# The login shell of `sma`: where the faults of a connection are played, then the shell that was asked for.
faults=/lab/faults

[ ! -e "$faults/slow" ] || sleep "$(sed -n 2p "$faults/slow")"

if [ "${1:-}" = -c ] && [ -e "$faults/drop-connection-at-copy" ]; then
  case $2 in
    *"nix-daemon --stdio"* | *"nix-store --serve"* | *"nix daemon --stdio"*)
      # The copy gets as far as so many bytes, then its connection is gone. The parent is this connection's sshd.
      connection=$PPID
      {
        dd iflag=count_bytes bs=4096 status=none count="$(sed -n 2p "$faults/drop-connection-at-copy")"
        kill -KILL "$connection"
      } | /bin/sh -c "$2"
      exit 1
      ;;
  esac
fi
exec /bin/sh "$@"
