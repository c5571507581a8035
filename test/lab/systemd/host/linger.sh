#!/bin/sh
# Lets exactly these users linger.
mkdir -p /var/lib/systemd/linger
for file in /var/lib/systemd/linger/*; do
  user=${file##*/}
  case " $* " in *" $user "*) ;; *) [ ! -e "$file" ] || loginctl disable-linger "$user" ;; esac
done
for user; do
  [ -e "/var/lib/systemd/linger/$user" ] || loginctl enable-linger "$user"
done
