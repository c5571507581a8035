#!/bin/sh
# One boot of a host, as process 1 of the inner process namespace: mounts what belongs to a boot, activates the system that the
# boot loader's default names, and becomes systemd, as stage 2 of NixOS does.
set -eu
if [ "${1:-}" != in-group ]; then
  # Process 1 goes into the host's group, and from there on that group is all it sees.
  echo 0 >/lab/cgroup/cgroup.procs
  exec unshare --cgroup "$0" in-group
fi
tr -d '\n' </proc/sys/kernel/random/uuid >/lab/boot_id
echo >>/lab/boot_id
umount -l /proc
mount -t proc -o nosuid,nodev,noexec proc /proc
# networkd waits for udev where /sys can be written.
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs /sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=755,size=64m,nosuid,nodev lab-run /run
umount /lab/cgroup
# Kernel settings belong to the machine, those of the network to the host.
mount --bind /proc/sys /proc/sys
mount --bind /lab/boot_id /proc/sys/kernel/random/boot_id
mount -o remount,bind,ro /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,rw /proc/sys/net
: >/lab/empty
for file in /proc/sysrq-trigger /proc/kcore; do
  [ ! -e "$file" ] || mount --bind /lab/empty "$file"
done
find /tmp -mindepth 1 -delete

entry=$(sed -n 's/^default //p' /boot/loader/loader.conf)
system=$(sed -n 's/^options init=\([^ ]*\)\/init.*/\1/p' "/boot/loader/entries/$entry")
mkdir -p /run/wrappers/bin /run/lab/journal /run/systemd/system/multi-user.target.wants
ln -s /usr/bin/sudo /run/wrappers/bin/sudo
ln -sfn "$system" /run/booted-system
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
"$system/activate" >/run/lab/journal/stage-2 2>&1 || echo "activation failed ($?)" >>/run/lab/journal/stage-2
[ -e /run/current-system ] || ln -sfn "$system" /run/current-system
hostname "$(cat /etc/hostname)"

# Where a fault keeps sshd away. /etc/systemd/system stays as the system has it.
mkdir -p /run/systemd/system/sshd.service.d
cat >/run/systemd/system/sshd.service.d/lab-faults.conf <<'END'
[Unit]
ConditionPathExists=!/lab/faults/unreachable
ConditionPathExists=!/run/lab/sshd-stopped
END
[ ! -e /lab/faults/does-not-come-back ] || : >/run/lab/sshd-stopped

# Says that the boot is over; a unit of the lab, not of the system.
cat >/run/systemd/system/lab-ready.service <<'END'
[Unit]
Description=The lab's mark that this boot is over
After=sshd.service systemd-logind.service
[Service]
Type=oneshot
RemainAfterExit=true
ExecStart=/usr/bin/touch /run/lab/ready
END
ln -s ../lab-ready.service /run/systemd/system/multi-user.target.wants/

exec env -i container=fleet-lab PATH="$PATH" setpriv \
  --bounding-set=-sys_module,-sys_rawio,-sys_time,-syslog,-mac_admin,-mac_override,-wake_alarm,-block_suspend,-audit_control \
  --inh-caps=-all "$system/systemd/lib/systemd/systemd"
