#!/bin/sh
# Makes a fresh clone ready to run: Node's packages, the Debian packages the lab needs, and dist/.
# Says nothing when there is nothing to do; where it may not install, says what is missing and how to get it.
#
#   sh scripts/setup.sh           everything
#   sh scripts/setup.sh --lab     everything but dist/, which the lab does not need
#   sh scripts/setup.sh --check   install nothing, only say what is missing (exit 1 when something is)
set -eu
cd "$(dirname "$0")/.."

want_build=yes
may_install=yes
for option; do
  case $option in
    --lab) want_build=no ;;
    --check) may_install=no ;;
    *)
      echo "setup: unknown option '$option'; known are --lab and --check" >&2
      exit 64
      ;;
  esac
done

say() { echo "setup: $*" >&2; }
fail() {
  say "$@"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

PATH=$PATH:/usr/sbin:/sbin
export PATH

# Node
has node || fail "Node.js 20.19 or newer is needed and there is no 'node' here. Install it, then run this again."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  fail "Node.js 20.19 or newer is needed; this is $(node --version)."

# Node's packages: npm writes node_modules/.package-lock.json when it is done, so an interrupted install counts as none.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  [ "$may_install" = yes ] || fail "Node's packages are missing or old. Run: npm install --no-save"
  has npm || fail "'npm' is needed to install this project's packages and it is not here."
  say "installing Node's packages (npm install)"
  # Not `npm ci`: it refuses a lock file that lacks the optional builds of other platforms.
  npm install --no-save --no-audit --no-fund --loglevel=error >&2
  touch "$installed"
fi

# Debian packages: a package is asked for only when a program it brings is missing.
packages=
need() {
  program=$1
  shift
  has "$program" || packages="$packages $*"
}
need nix nix-bin nix-setup-systemd
need sshd openssh-server
need ssh openssh-client
need sudo sudo
need git git
need unshare util-linux
need setpriv util-linux
need mount mount
need hostname hostname
# Hosts with a real systemd are made from Debian's packages; elsewhere the lab does without.
if has apt-get; then
  need mmdebstrap mmdebstrap
  need ip iproute2
fi
# What builtin checks ask with, on the hosts of the lab.
need curl curl
# Real Nagios plugins, for examples/checks/nagios; they bring ping.
[ -x /usr/lib/nagios/plugins/check_disk ] || packages="$packages monitoring-plugins-basic"
# Any busybox does for NixOS-shaped builds as long as it needs no libraries: it runs inside Nix's sandbox.
[ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || packages="$packages busybox-static"
packages=$(printf '%s\n' $packages | sort -u | tr '\n' ' ')
packages=${packages% }

# Installing openssh-server on Debian starts it and opens port 22. The lab wants the program only: this file is Debian's own
# way to say so, for now and for every later boot.
keep_sshd_off() {
  case " $packages " in *' openssh-server '*) ;; *) return 0 ;; esac
  [ -e /etc/ssh/sshd_not_to_be_run ] && return 0
  mkdir -p /etc/ssh
  echo "Written by fleet's scripts/setup.sh, which needed the program sshd and no server. Remove this file to run one." \
    >/etc/ssh/sshd_not_to_be_run
}

if [ -n "$packages" ]; then
  command="apt-get install --no-install-recommends $packages"
  has apt-get || fail "these Debian packages, or what your system calls them, are missing: $packages"
  [ "$may_install" = yes ] || fail "Debian packages are missing. As root: $command"
  [ "$(id -u)" = 0 ] || fail "Debian packages are missing and only root can install them. Run: sudo $command"
  say "installing Debian packages: $packages"
  keep_sshd_off
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  install_packages() {
    # shellcheck disable=SC2086 # a list of words
    apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 $packages >"$log" 2>&1
  }
  # A machine that has never asked for the list of packages, or whose list is old, has to ask first.
  install_packages || {
    say "asking for the current list of Debian packages"
    apt-get update -qq -o DPkg::Lock::Timeout=120 >&2
    install_packages || {
      tail -n 20 "$log" >&2
      fail "the packages could not be installed. As root, try: $command"
    }
  }
fi

# dist/
[ "$want_build" = yes ] || exit 0
stale() {
  [ -e dist/main.js ] || return 0
  [ -n "$(find src schemas scripts/build scripts/build.ts package.json -newer dist/main.js -type f 2>/dev/null | head -n 1)" ]
}
if [ -d src ] && stale; then
  [ "$may_install" = yes ] || fail "dist/ is missing or older than src/. Run: npm run build"
  npm run --silent build >&2
  # A build may leave files alone that come out the same, so the time of the build is kept on the one that is looked at.
  [ ! -e dist/main.js ] || touch dist/main.js
fi
