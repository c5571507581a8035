#!/bin/sh
# The outer process of a host with a real systemd: the machine without its boots. It runs as process 1 of its own process
# namespace, in mount, UTS, IPC and network namespaces of its own, makes the host's root from the base tree, and boots it again
# and again while the host asks for a reboot. All mounts are in this namespace: whatever ends this process frees them.
#
#   machine.sh DIRECTORY NAME ADDRESS STORE_SIZE BASE SWITCH CGROUP
#
# DIRECTORY is as for the played host's machine.sh. BASE is the tree of Debian's packages, SWITCH the process that holds the
# lab's network, CGROUP the name of the host's group in the machine's cgroup2 tree.
set -eu
directory=$1 name=$2 address=$3 store_size=$4 base=$5 switch=$6 cgroup=$7
scripts=$(cd "$(dirname "$0")" && pwd)
umask 022
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

hostname "$name"
mount --make-rprivate /

# A cable to the lab's switch. Both ends go when their namespaces do.
port=h${address##*.}
ip link set lo up
ip link add eth0 type veth peer name "$port" netns "/proc/$switch/ns/net"
nsenter --net="/proc/$switch/ns/net" ip link set "$port" master lab up

# The base tree below, what this host writes above it in memory.
above=$directory/root
mount -t tmpfs -o "mode=755,size=256m" lab-root "$above"
mkdir "$above/upper" "$above/work" "$above/root" "$above/cgroup"
mount -t overlay -o "lowerdir=$base,upperdir=$above/upper,workdir=$above/work" lab-root "$above/root"
mount -t cgroup2 lab-cgroup "$above/cgroup"
mkdir -p "$above/cgroup/$cgroup"
root=$above/root
cd "$root"
mkdir -p nix etc/nix etc/ssh/authorized_keys.d etc/sudoers.d boot/loader/entries lab/bin lab/faults lab/cgroup mnt home
mount --bind "$above/cgroup/$cgroup" lab/cgroup
mount --bind "$directory/faults" lab/faults
mount -o remount,bind,ro lab/faults
for script in "$scripts"/../../hosts/host/at.sh "$scripts"/../../hosts/host/login-shell.sh \
  "$scripts"/../../hosts/host/install-boot-loader.sh "$scripts"/*.sh; do
  program=${script##*/}
  install -m 755 "$script" "lab/bin/${program%.sh}"
done
: >lab/systemd

# A store of its own with a bound, so that a full disk is a full disk.
mount -t tmpfs -o "mode=755,size=$store_size,nr_inodes=200000" lab-nix nix
mkdir -p nix/store nix/var/nix/profiles nix/var/nix/gcroots nix/var/nix/daemon-socket nix/var/log/nix
chmod 1775 nix/store
xargs -a "$directory/closure" cp -a -t nix/store

# Devices: a few of the machine's, and terminals of its own.
mount -t tmpfs -o mode=755,size=64k lab-dev dev
for device in null zero full random urandom tty autofs fuse; do
  [ -e "/dev/$device" ] || continue
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm dev/mqueue dev/hugepages dev/net
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,size=16m lab-shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr

tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
: >etc/NIXOS
printf '127.0.0.1 localhost\n%s %s\n' "$address" "$name" >etc/hosts
cp "$directory/authorized_keys" etc/ssh/authorized_keys.d/sma
install -m 600 "$directory/ssh_host_ed25519_key" etc/ssh/ssh_host_ed25519_key
install -m 644 "$directory/ssh_host_ed25519_key.pub" etc/ssh/ssh_host_ed25519_key.pub
cp "$directory/registration" "$directory/system" lab/
echo "$address" >lab/address

# From here on the machine's own files are out of reach.
mkdir lab/machine
pivot_root . lab/machine
cd /
exec </dev/null
# The machine's /proc is needed until the host has its own.
mount -t proc proc /proc
umount -l /lab/machine
rmdir /lab/machine

export NIX_REMOTE= NIX_CONFIG='build-users-group ='
nix-store --load-db </lab/registration
nix-env -p /nix/var/nix/profiles/system --set "$(cat /lab/system)"
system=$(cat /lab/system)
rm /lab/registration
printf 'title NixOS\nversion Generation 1\noptions init=%s/init\n' "$system" >/boot/loader/entries/nixos-generation-1.conf
echo 'default nixos-generation-1.conf' >/boot/loader/loader.conf

while :; do
  # What the last boot left of its groups; the host's own stays.
  find /lab/cgroup -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null || true
  # One boot is one inner process namespace, with mounts of its own. The kernel ends its first process with HUP when it asks
  # for a reboot, and with INT when it asks to be switched off; unshare ends as its child did.
  code=0
  unshare --pid --mount --fork --kill-child /lab/bin/boot || code=$?
  [ "$code" = 129 ] || exit "$code"
done
