#!/bin/sh
# The outer process of a host: the machine without its boots. It runs as process 1 of its own process namespace, in its own
# mount and UTS namespace, makes the host's root, and boots it again and again while the host asks for a reboot.
# Whatever ends this process ends the host and frees its mounts, since nothing is mounted outside this namespace.
#
#   machine.sh DIRECTORY NAME ADDRESS PORT STORE_SIZE
#
# DIRECTORY holds: ssh_host_ed25519_key, authorized_keys, closure (paths to copy), registration (for nix-store --load-db),
# system (the toplevel to install), faults/ and state/ (written by the supervisor and the machine, read by the host).
set -eu
directory=$1 name=$2 address=$3 port=$4 store_size=$5
scripts=$(cd "$(dirname "$0")" && pwd)
umask 022
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

hostname "$name"
mount --make-rprivate /
root=$directory/root
mount -t tmpfs -o "mode=755,size=256m" lab-root "$root"
cd "$root"
mkdir -p usr etc/alternatives etc/pam.d etc/nix etc/ssh etc/sudoers.d nix run tmp var/log var/empty proc sys dev root home/sma/.ssh boot lab/bin lab/faults mnt
for link in bin sbin lib lib32 lib64 libx32; do
  [ ! -L "/$link" ] || cp -P "/$link" "$link"
done
mount --bind /usr usr
mount -o remount,bind,ro usr
mount --bind /etc/alternatives etc/alternatives
mount -o remount,bind,ro etc/alternatives
mount --bind "$directory/faults" lab/faults
mount -o remount,bind,ro lab/faults
cp /etc/ld.so.cache etc/ 2>/dev/null || true
cp "$scripts"/*.sh lab/bin/
for script in lab/bin/*.sh; do mv "$script" "${script%.sh}"; done
chmod 755 lab/bin/*

# A store of its own with a bound, so that a full disk is a full disk.
mount -t tmpfs -o "mode=755,size=$store_size,nr_inodes=200000" lab-nix nix
mkdir -p nix/store nix/var/nix/profiles nix/var/nix/gcroots nix/var/nix/daemon-socket nix/var/log/nix
chmod 1775 nix/store
xargs -a "$directory/closure" cp -a -t nix/store

# Devices: a few of the machine's, and terminals of its own.
mount -t tmpfs -o mode=755,size=64k lab-dev dev
for device in null zero full random urandom tty; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,size=16m lab-shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr

# The files in /etc that the host's ssh, sudo and Nix really need. Activation leaves them alone, since they are no links.
machine_id=$(tr -d - </proc/sys/kernel/random/uuid)
echo "$machine_id" >etc/machine-id
: >etc/NIXOS
cat >etc/passwd <<END
root:x:0:0:System administrator:/root:/bin/sh
sshd:x:996:996:sshd:/var/empty:/usr/sbin/nologin
sma:x:1001:100:sma:/home/sma:/lab/bin/login-shell
nobody:x:65534:65534:Unprivileged account:/var/empty:/usr/sbin/nologin
END
cat >etc/group <<END
root:x:0:
wheel:x:1:sma
tty:x:5:
users:x:100:
sshd:x:996:
nogroup:x:65534:
END
printf '%s:*:1::::::\n' root sshd sma nobody >etc/shadow
chmod 600 etc/shadow
printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >etc/nsswitch.conf
printf '127.0.0.1 localhost\n%s %s\n' "$address" "$name" >etc/hosts
for service in sudo sudo-i other; do
  printf 'auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n' >"etc/pam.d/$service"
done
cat >etc/nix/nix.conf <<END
experimental-features = nix-command flakes
trusted-users = root @wheel
substituters =
sandbox = false
build-users-group =
END
cat >etc/ssh/lab_sshd_config <<END
ListenAddress $address
Port $port
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/lab/sshd.pid
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u
MaxStartups 200
MaxSessions 50
UseDNS no
PrintMotd no
LogLevel ERROR
Subsystem sftp /usr/lib/openssh/sftp-server
SetEnv PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin
END
cat >etc/sudoers <<END
Defaults secure_path="/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin"
Defaults !use_pty, !syslog, !pam_session
root ALL=(ALL:ALL) ALL
%wheel ALL=(ALL:ALL) NOPASSWD: ALL
@includedir /etc/sudoers.d
END
chmod 440 etc/sudoers
mkdir etc/ssh/authorized_keys.d
cp "$directory/authorized_keys" etc/ssh/authorized_keys.d/sma
install -m 600 "$directory/ssh_host_ed25519_key" etc/ssh/ssh_host_ed25519_key
install -m 644 "$directory/ssh_host_ed25519_key.pub" etc/ssh/ssh_host_ed25519_key.pub
chown -R 1001:100 home/sma
chmod 1777 tmp
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

export NIX_REMOTE=
nix-store --load-db </lab/registration
nix-env -p /nix/var/nix/profiles/system --set "$(cat /lab/system)"
system=$(cat /lab/system)
rm /lab/registration
mkdir -p /boot/loader/entries
printf 'title NixOS\nversion Generation 1\noptions init=%s/init\n' "$system" >/boot/loader/entries/nixos-generation-1.conf
echo 'default nixos-generation-1.conf' >/boot/loader/loader.conf

while :; do
  rm -f /lab/reboot
  # One boot is one inner process namespace, with mounts of its own.
  unshare --pid --mount --fork --kill-child /lab/bin/boot || true
  [ -e /lab/reboot ] || exit 0
done
