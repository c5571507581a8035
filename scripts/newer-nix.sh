#!/bin/sh
# Puts the Nix of Debian 13 beside the machine's own, for the tests alone: its package and all that needs is unpacked into
# a cache, installed nowhere. Prints the folder whose programs (nix, nix-store, …) are the newer ones.
# It asks the mirror that this machine's apt asks, and takes only what Debian's keys have signed.
set -eu

suite=trixie
cache=${FLEET_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fleet-test}
place=$cache/nix-$suite
programs='nix nix-store nix-env nix-build nix-instantiate nix-daemon'

[ ! -x "$place/bin/nix" ] || {
  echo "$place/bin"
  exit 0
}

say() { echo "newer-nix: $*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
{ has apt-get && has dpkg-deb; } || {
  say "Debian's apt-get and dpkg-deb are needed to unpack Debian 13's Nix"
  exit 1
}

mkdir -p "$cache"
work=$(mktemp -d "$cache/unpacking.XXXXXX")
trap 'rm -rf "$work"' EXIT
# apt drops root to fetch and must be able to come here.
chmod 755 "$work"
mkdir -p "$work/state/lists/partial" "$work/archives/partial" "$work/nix/root" "$work/nix/bin"
: >"$work/status"

mirror_of_apt() {
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "Debian" && $2 !~ /-security$/ { print $3; exit }'
}
mirror=$(mirror_of_apt)
# A machine that has never asked for the list of packages does not know whose they are.
[ -n "$mirror" ] || { apt-get update -qq >&2 && mirror=$(mirror_of_apt); }
[ -n "$mirror" ] || {
  say "apt knows no Debian mirror; run 'apt-get update' once"
  exit 1
}
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/sources.list"

# An apt of its own: empty of packages, so that "install" downloads everything down to the C library.
own_apt() {
  apt-get -qq -o Dir::State="$work/state" -o Dir::State::status="$work/status" \
    -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" \
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Acquire::Languages=none -o APT::Sandbox::User=root "$@" >"$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    say "the packages of Debian 13 could not be fetched"
    exit 1
  }
}
say "fetching and unpacking Debian 13's Nix (about 40 MB)"
own_apt update
own_apt install -y --no-install-recommends --download-only nix-bin
for package in "$work"/archives/*.deb; do dpkg-deb -x "$package" "$work/nix/root"; done

# Programs of another Debian run with its own loader and C library.
for program in $programs; do
  cat >"$work/nix/bin/$program" <<EOF
#!/bin/sh
root=$place/root
exec "\$root"/usr/lib64/ld-linux-x86-64.so.2 --argv0 $program --library-path "\$root/usr/lib/x86_64-linux-gnu" "\$root/usr/bin/nix" "\$@"
EOF
  chmod +x "$work/nix/bin/$program"
done
# Two at once: the one that comes second finds the place taken and uses it.
mv -T "$work/nix" "$place" 2>/dev/null || [ -x "$place/bin/nix" ]
echo "$place/bin"
