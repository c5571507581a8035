#!/bin/sh
# A double of NixOS' nixos-rebuild, to be put on PATH under that name. It does its work over real ssh and real Nix and imitates,
# of nixpkgs, DOUBLE_NIXOS_REBUILD =
#
#   bash    pkgs/os-specific/linux/nixos-rebuild/nixos-rebuild.sh at 00409d13: --use-remote-sudo, --fast; no --store-path
#   python  pkgs/by-name/ni/nixos-rebuild-ng at 0051a3dc: --sudo (the other is deprecated), --fast; no --store-path
#   new     the same at 10ec429b (manual) and 0371879f (services.py): --store-path, --no-reexec; no --fast. As it was seen to run
#           in July 2026: root by `sudo -n /bin/sh -c 'exec /usr/bin/env -i …'`, the exit code of switch-to-configuration, one
#           question about a password after every failure, `Done` on stderr, shared connections after NIX_SSHOPTS
#
# as far as fleet uses it: the options and their errors, what it runs over ssh and in which order, its words, its exit codes.
# It never builds itself first.
set -eu
version=${DOUBLE_NIXOS_REBUILD:-new}
case $version in
  bash) known='--use-remote-sudo --fast --no-ssh-tty' ;;
  python) known='--sudo --ask-sudo-password --use-remote-sudo --fast --no-ssh-tty' ;;
  new) known='--elevate --sudo --ask-sudo-password --use-remote-sudo --no-reexec --store-path' ;;
esac
known="--help --flake --target-host --build-host --use-substitutes --no-write-lock-file $known"

say() { echo "$*" >&2; }
[ -z "${DOUBLE_NIXOS_REBUILD_LOG:-}" ] || echo "$*" >>"$DOUBLE_NIXOS_REBUILD_LOG"

action='' flake='' store_path='' target='' sudo='' substitute=''
while [ $# -gt 0 ]; do
  case $1 in
    --*)
      case " $known " in
        *" $1 "*) ;;
        *)
          if [ "$version" = bash ]; then
            say "nixos-rebuild: unknown option \`$1'"
            exit 1
          fi
          say "nixos-rebuild: error: unrecognized arguments: $1"
          exit 2
          ;;
      esac
      ;;
  esac
  case $1 in
    --help)
      # Both show their manual page.
      printf 'NIXOS-REBUILD(8)\n\nNAME\n       nixos-rebuild - reconfigure a NixOS machine\n\nOPTIONS\n'
      for option in $known; do printf '       %s\n' "$option"; done
      exit 0
      ;;
    --flake) flake=$2 && shift ;;
    --store-path) store_path=$2 && shift ;;
    --target-host) target=$2 && shift ;;
    --sudo) sudo="sudo ${NIX_SUDOOPTS:-}" ;;
    --use-remote-sudo)
      [ "$version" = bash ] || say "nixos-rebuild: warning: --use-remote-sudo deprecated, use --sudo instead"
      sudo=sudo
      ;;
    --use-substitutes) substitute=-s ;;
    --no-reexec | --fast | --no-ssh-tty | --no-write-lock-file) ;;
    switch | boot | test | dry-activate) action=$1 ;;
    *)
      say "nixos-rebuild: error: argument action: invalid choice: '$1'"
      exit 2
      ;;
  esac
  shift
done
if [ -n "$flake" ] && [ -n "$store_path" ]; then
  say "nixos-rebuild: error: --store-path cannot be used with --flake"
  exit 2
fi

# Asked for after the operator's own, which win: ssh takes the first of two.
shared=''
[ "$version" != new ] || shared="-o ControlMaster=auto -o ControlPath=${TMPDIR:-/tmp}/nixos-rebuild-%n -o ControlPersist=60"
# Words as one command line of a shell.
quoted() { for word in "$@"; do printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")"; done; }
# On the target, or here; NIX_SSHOPTS are words.
# shellcheck disable=SC2086
on_target() { if [ -n "$target" ]; then ssh ${NIX_SSHOPTS:-} $shared "$target" -- "$(quoted "$@")"; else "$@"; fi; }
# The same as root, where that was asked for.
as_root() {
  if [ "$version" = new ]; then
    # shellcheck disable=SC2016 # expanded on the target
    set -- /bin/sh -c 'exec /usr/bin/env -i PATH="${PATH-}" LOCALE_ARCHIVE="${LOCALE_ARCHIVE-}" NIXOS_INSTALL_BOOTLOADER="" "$@"' sh "$@"
  fi
  # shellcheck disable=SC2086
  on_target $sudo "$@"
}
# fails CODE COMMAND: what is said of any failure, and the end.
fails() {
  case $version in
    new)
      say "error: command '$2' failed with exit code $1, did you forget to use --ask-elevate-password?"
      exit "$1"
      ;;
    *)
      say 'warning: error(s) occurred while switching to the new configuration'
      exit 1
      ;;
  esac
}

say 'building the system configuration...'
if [ -n "$store_path" ]; then
  path=$store_path
else
  wanted="${flake%#*}#nixosConfigurations.\"${flake##*#}\".config.system.build.toplevel"
  case $version in
    bash)
      place=$(mktemp -d)
      nix --extra-experimental-features 'nix-command flakes' build "$wanted" --out-link "$place/result"
      path=$(readlink -f "$place/result")
      rm -r "$place"
      ;;
    *) path=$(nix --extra-experimental-features 'nix-command flakes' build --print-out-paths "$wanted" --no-link) ;;
  esac
fi
# shellcheck disable=SC2086
[ -z "$target" ] || nix-copy-closure $substitute --to "$target" "$path"

if [ "$version" = new ]; then
  on_target test -f "$path/nixos-version" || fails 1 "test -f $path/nixos-version"
fi
if [ "$action" = switch ] || [ "$action" = boot ]; then
  as_root nix-env -p /nix/var/nix/profiles/system --set "$path" || fails $? nix-env
fi
unit='systemd-run -E LOCALE_ARCHIVE -E NIXOS_INSTALL_BOOTLOADER= --collect --no-ask-password --pipe --quiet --service-type=exec --unit=nixos-rebuild-switch-to-configuration --wait'
case $version in
  new) on_target test -d /run/systemd/system || unit='' ;;
  # shellcheck disable=SC2086
  *) as_root $unit true || unit='env -i LOCALE_ARCHIVE= NIXOS_INSTALL_BOOTLOADER=' ;;
esac
# shellcheck disable=SC2086
as_root $unit "$path/bin/switch-to-configuration" "$action" || fails $? "$path/bin/switch-to-configuration"
case $version in
  bash) ;;
  python) echo "Done. The new configuration is $path" ;;
  new) say "Done. The new configuration is $path" ;;
esac
