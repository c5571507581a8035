#!/bin/sh
# Makes a unit fail:  fail-unit SYSTEM UNIT
exec "$1/systemd/bin/systemctl" lab-fail "$2"
