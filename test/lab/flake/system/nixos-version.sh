#!/bin/sh
# The played nixos-version, with the values of the system it belongs to.
revision="@revision@"
case ${1:-} in
  --json)
    if [ -n "$revision" ]; then
      printf '{"configurationRevision":"%s","nixosVersion":"%s"}\n' "$revision" "@label@"
    else
      printf '{"nixosVersion":"%s"}\n' "@label@"
    fi
    ;;
  --configuration-revision)
    if [ -z "$revision" ]; then
      echo "$0: Unknown configuration revision" >&2
      exit 1
    fi
    echo "$revision"
    ;;
  *) echo "@label@ (Warbler)" ;;
esac
