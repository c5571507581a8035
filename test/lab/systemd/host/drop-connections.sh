#!/bin/sh
# Cuts every ssh connection of the host and leaves the listening sshd alone. What runs in them goes on.
listener=$(systemctl show --property=MainPID --value sshd.service)
for process in /proc/[0-9]*; do
  { read -r name <"$process/comm"; } 2>/dev/null || continue
  case $name in sshd | sshd-session | sshd-auth) ;; *) continue ;; esac
  [ "${process#/proc/}" = "$listener" ] || kill -KILL "${process#/proc/}" 2>/dev/null
done
exit 0
