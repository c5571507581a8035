#!/bin/sh
# Writes an entry for each generation, and makes the one whose system this is the default.
#   install-boot-loader SYSTEM
mkdir -p /boot/loader/entries || exit 1
default=
for link in /nix/var/nix/profiles/system-*-link; do
  [ -e "$link" ] || continue
  number=${link#*/system-}
  number=${number%-link}
  # A profile may be a wrapper around the toplevel.
  system=$(dirname "$(readlink -f "$link/nixos-version")")
  printf 'title NixOS\nversion Generation %s\noptions init=%s/init %s\n' "$number" "$system" "$(cat "$system/kernel-params")" \
    >"/boot/loader/entries/nixos-generation-$number.conf" || exit 1
  [ "$system" != "$1" ] || default=$number
done
for entry in /boot/loader/entries/nixos-generation-*.conf; do
  number=${entry##*-}
  [ -e "/nix/var/nix/profiles/system-${number%.conf}-link" ] || rm -f "$entry"
done
[ -z "$default" ] || echo "default nixos-generation-$default.conf" >/boot/loader/loader.conf
