#!/bin/sh
# What a made-up program of the lab's packages does on a real systemd: stays, and answers on the port that its unit names.
#   program NAME VERSION [ARGUMENT…]
trap '' HUP
unit=$(sed -n 's|^0::.*/||p' /proc/self/cgroup)
port=$(sed -n 's/^X-Lab-Listens=//p' "/etc/systemd/system/$unit" 2>/dev/null)
[ -n "$port" ] || exec sleep infinity
www=/run/lab/www/$unit
mkdir -p "$www"
echo "$unit of $(uname -n)" >"$www/index.html"
exec busybox httpd -f -p "$port" -h "$www"
