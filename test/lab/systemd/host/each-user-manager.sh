#!/bin/sh
# A line for every user whose manager runs: "UID NAME".
systemctl list-units --type=service --state=active --plain --no-legend 'user@*.service' | while read -r unit rest; do
  uid=${unit#user@}
  uid=${uid%.service}
  echo "$uid $(getent passwd "$uid" | cut -d : -f 1)"
done
