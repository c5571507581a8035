#!/bin/sh
# One boot of a host, as process 1 of the inner process namespace: mounts what belongs to a boot, gives up the capabilities
# with which a host could reach the machine, and becomes init.
set -eu
tr -d '\n' </proc/sys/kernel/random/uuid >/lab/boot_id
echo >>/lab/boot_id
umount -l /proc
mount -t proc proc /proc
mount -t tmpfs -o mode=755,size=192m lab-run /run
mkdir /run/lab
# Kernel settings belong to the machine, not to the host.
mount --bind /proc/sys /proc/sys
mount --bind /lab/boot_id /proc/sys/kernel/random/boot_id
mount -o remount,bind,ro /proc/sys
: >/lab/empty
for file in /proc/sysrq-trigger /proc/kcore; do
  [ ! -e "$file" ] || mount --bind /lab/empty "$file"
done
find /tmp -mindepth 1 -delete

exec setpriv \
  --bounding-set=-sys_admin,-mknod,-sys_module,-sys_rawio,-sys_boot,-sys_time,-net_admin,-syslog,-sys_ptrace,-mac_admin,-mac_override,-sys_resource,-dac_read_search,-linux_immutable,-sys_pacct,-sys_tty_config,-audit_control,-wake_alarm,-block_suspend \
  --inh-caps=-all /lab/bin/init
