#!/bin/sh
# Stands in for Colmena where a hive is asked something: `colmena -f HIVE eval -E EXPRESSION` calls the expression with
# { nodes, pkgs, lib } of the hive, writes the derivations, and prints what it comes to as JSON (zhaofengli/colmena
# src/command/eval.rs; src/nix/hive/mod.rs: --eval --json --strict --read-write-mode). A node is here its modules without a module system.
set -eu
if [ "$1" = --version ]; then
  echo 'colmena 0.5.0-pre'
  exit 0
fi
[ "$1" = -f ] && [ "$3" = eval ] && [ "$4" = -E ] || {
  echo "colmena: unknown arguments: $*" >&2
  exit 2
}
exec nix-instantiate --eval --strict --json --read-write-mode --expr "
let
  hive = import $2;
  open = name: module: if builtins.isFunction module then module { inherit name nodes; pkgs = { }; lib = { }; config = { }; } else module;
  names = builtins.removeAttrs hive [ \"meta\" \"defaults\" ];
  nodes = builtins.mapAttrs (name: module: { config = open name (hive.defaults or { }) // open name module; }) names;
in ($5) { inherit nodes; pkgs = { }; lib = { }; }"
