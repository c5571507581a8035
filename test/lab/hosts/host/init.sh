#!/bin/sh
# The init of a host: starts the system that the boot loader's default names, then Nix and ssh, and buries the dead.
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin
export PATH HOME=/root USER=root
trap 'exit 0' TERM

entry=$(sed -n 's/^default //p' /boot/loader/loader.conf)
system=$(sed -n 's/^options init=\([^ ]*\)\/init.*/\1/p' "/boot/loader/entries/$entry")
mkdir -p /run/wrappers/bin /run/systemd/system /run/lab/units /run/lab/journal /run/sshd /run/user
ln -s /usr/bin/sudo /run/wrappers/bin/sudo
ln -sfn "$system" /run/booted-system
"$system/activate" >/run/lab/journal/stage-2 2>&1 || echo "activation failed ($?)" >>/run/lab/journal/stage-2
[ -e /run/current-system ] || ln -sfn "$system" /run/current-system
"$system/systemd/bin/systemctl" lab-start-targets

nix-daemon >/run/lab/journal/nix-daemon.service 2>&1 &
[ -e /lab/faults/unreachable ] || [ -e /lab/faults/does-not-come-back ] || [ -e /run/lab/sshd-stopped ] || /lab/bin/start-sshd
: >/run/lab/ready

# The shell buries the dead of the whole namespace while it waits for a child that does not end.
sleep infinity &
while :; do wait; done
