#!/bin/sh
# Makes a unit fail, once, by starting a program in its place that does:  fail-unit SYSTEM UNIT
unit=$2
drop_in=/run/systemd/system/$unit.d
mkdir -p "$drop_in"
printf '[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=/usr/bin/false\n' >"$drop_in/lab-fault.conf"
systemctl daemon-reload
systemctl restart "$unit" 2>/dev/null
rm "$drop_in/lab-fault.conf"
systemctl daemon-reload
