#!/bin/sh
# Makes the base tree of hosts with a real systemd, unless it is there: Debian's packages from the sources of this machine's
# own apt. It runs as process 1 of a process namespace.
#
#   base-tree.sh TREE
set -eu
finished=$1
# Others may want the same tree at the same time.
exec 9>"$finished.lock"
flock 9
[ ! -d "$finished" ] || exit 0
tree=$finished.new
chattr -R -i "$tree" 2>/dev/null || true
rm -rf "$tree"
packages=systemd,systemd-sysv,udev,dbus,openssh-server,nix-bin,libpam-systemd,libnss-systemd,sudo,iproute2,nftables,procps,kmod,curl,busybox-static
. /etc/os-release
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# Those sources that are of this release: a machine has others, of single programs.
of_release() {
  grep -lEr "(^|[[:space:]])$VERSION_CODENAME([-/[:space:]]|\$)" /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
    grep -E '\.(list|sources)$' || true
}
sources=$(of_release)
[ -n "$sources" ] || {
  echo "apt of this machine has no source of packages for '$VERSION_CODENAME'" >&2
  exit 1
}
apt-config dump Acquire::http Acquire::https Acquire::Retries >"$tree.apt"
# shellcheck disable=SC2086 # a list of words
mmdebstrap --quiet --variant=minbase --mode=root --include="$packages" --aptopt="$tree.apt" \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  '' "$tree" $sources
rm -f "$tree.apt"

cd "$tree"
# What the host's own system brings, as on NixOS: units live in /etc/systemd/system alone, and Debian's become the package's.
mkdir usr/lib/fleet-lab
mv usr/lib/systemd/system usr/lib/fleet-lab/units
mkdir usr/lib/systemd/system
# Debian asks there whether there is a bus, and its /etc/mtab is not NixOS' own.
sed -i '/^ConditionPathExists=|.*dbus/d' usr/lib/fleet-lab/units/systemd-logind.service
sed -i '/\/etc\/mtab/d' usr/lib/tmpfiles.d/debian.conf
rm -rf etc/systemd etc/hostname etc/hosts etc/fstab etc/machine-id etc/motd etc/update-motd.d etc/ssh etc/nftables.conf \
  etc/sudoers etc/sudoers.d etc/nix etc/resolv.conf etc/os-release var/lib/apt/lists var/cache/apt var/lib/systemd usr/lib/tmpfiles.d/nix-daemon.conf
# A container has neither terminals nor disks of its own.
for generator in getty gpt-auto hibernate-resume rc-local sysv veritysetup cryptsetup integritysetup debug run system-update; do
  rm -f "usr/lib/systemd/system-generators/systemd-$generator-generator"
done
printf 'sma:x:1001:100:sma:/home/sma:/lab/bin/login-shell\n' >>etc/passwd
printf 'wheel:x:1001:sma\n' >>etc/group
printf 'sma:*:1::::::\n' >>etc/shadow
mkdir -p etc/ssh home/sma/.ssh nix lab boot var/lib/systemd
chown -R 1001:100 home/sma
chmod -R u+rwX .
cd /
mv "$tree" "$finished"
