#!/bin/sh
# Holds the network of a lab's hosts with a real systemd: a switch in a network namespace of its own, which this script runs in,
# and one cable to the machine. All of it is gone when this process is.
#
#   switch.sh OWNER CABLE ADDRESS
#
# OWNER is a process of the machine's network, CABLE the name of the machine's end, ADDRESS its address and width.
set -eu
owner=$1 cable=$2 address=$3
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH
ip link add lab type bridge
ip link set lab up
ip link add operator type veth peer name "$cable" netns "/proc/$owner/ns/net"
ip link set operator master lab up
nsenter --net="/proc/$owner/ns/net" ip address add "$address" dev "$cable"
nsenter --net="/proc/$owner/ns/net" ip link set "$cable" up
echo ready
exec sleep infinity
