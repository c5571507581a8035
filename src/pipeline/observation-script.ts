/**
 * Asks a host what it runs: one POSIX sh script, read-only, one `key=value` line an answer, between two lines that carry
 * the nonce `$1`, so that whatever a login shell prints before it is not taken for an answer.
 * `$2` holds words with commas between them: `root` to say also whether `$3…` (a sudo prefix) works without a password,
 * `detail` to say also what the running system consists of.
 * What cannot be read is left out; the reader decides what that means.
 */
export const observationScript = `
observe() {
nonce=$1
want=$2
shift 2
profile=/nix/var/nix/profiles/system
say() { [ -n "$2" ] && printf '%s=%s\\n' "$1" "$2"; }
link() { [ -e "$2" ] && say "$1" "$(readlink -f "$2")"; }
first() { [ -r "$2" ] && { read -r line < "$2"; say "$1" "$line"; }; }
export LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
detail() {
system=$(readlink -f /run/current-system)
echo detail=yes
for part in kernel initrd kernel-modules systemd; do link "current-$part" "$system/$part"; done
first current-kernel-params "$system/kernel-params"
first init-interface "$system/init-interface-version"
say inhibitors "$(head -c 65536 "$system/switch-inhibitors" | tr '\\n' ' ')"
say nix-version "$(nix-store --version)"
say deriver "$(nix-store -q --deriver "$system")"
for unit in nixos-upgrade.timer comin.service; do systemctl is-active -q "$unit" && say self-updater "$unit"; done
find "$system/etc/" -type l -printf 'etc=%P\\t%l\\n' | head -n 50000
find "$system/etc/" -type f -name '*.mode' -printf '%P\\n' | head -n 5000 | while read -r file; do
  entry=$system/etc/\${file%.mode} mode= user= group=
  read -r mode < "$entry.mode"; read -r user < "$entry.uid"; read -r group < "$entry.gid"
  printf 'etc-mode=%s\\t%s\\t%s\\t%s\\n' "\${file%.mode}" "$mode" "$user" "$group"
done
units=$(readlink -f "$system/etc/systemd/system") && find "$units/" -type l -printf 'unit-link=%P\\t%l\\n' | head -n 50000
systemctl show '*' -p Id,ActiveState,SubState,FragmentPath,Following | head -n 200000 | sed 's/^/unit-state=/'
say users-file "$(grep -ohE '/[^[:space:]"=@]*-users-groups\\.json' "$system/activate" | head -n 1)"
say firewall-file "$(grep -ohE '/[^[:space:]"=@]*-(firewall-start(/bin/firewall-start)?|nftables-rules)' "$system/activate" "$system/etc/systemd/system/firewall.service" "$system/etc/systemd/system/nftables.service" | head -n 1)"
}
# A login shell may have left its line open.
printf '\\nfleet-observation 1 %s\\n' "$nonce"
link system /run/current-system
link profile "$profile"
[ -e "$profile/nixos-version" ] && say next-boot "$(dirname "$(readlink -f "$profile/nixos-version")")"
link booted /run/booted-system
say generation "$(readlink "$profile" | sed -n 's/^.*system-\\([0-9][0-9]*\\)-link$/\\1/p')"
[ -L "$profile" ] && say profile-age "$(( $(date +%s) - $(stat -c %Y "$profile") ))"
for part in kernel initrd kernel-modules; do link "booted-$part" "/run/booted-system/$part"; done
first booted-kernel-params /run/booted-system/kernel-params
say hostname "$(cat /proc/sys/kernel/hostname)"
say kernel-release "$(uname -r)"
first platform /run/current-system/system
first release /run/current-system/nixos-version
say revision "$(nixos-version --configuration-revision)"
say machine "$(sha256sum < /etc/machine-id | cut -d' ' -f1)"
first boot-id /proc/sys/kernel/random/boot_id
say system-state "$(systemctl is-system-running)"
systemctl list-units --failed --plain --no-legend --full --all | while read -r unit rest; do say failed-unit "$unit"; done
free() { df -P -k "$2" | { read -r header; read -r device blocks used available rest; say "$1" "$available"; }; }
free free-nix /nix/store
[ -d /boot ] && free free-boot /boot
lock=/run/nixos/switch-to-configuration.lock
[ -e "$lock" ] && grep -q ":$(stat -c %i "$lock") " /proc/locks && echo activating=yes
sw=$(readlink -f /run/current-system/sw) && [ -n "$sw" ] && nix-store -q --references "$sw" | while read -r path; do say selected "$path"; done
case ",$want," in *,detail,*) detail ;; esac
case ",$want," in *,root,*)
  if [ "$(id -u)" -eq 0 ] || { [ $# -gt 0 ] && "$@" true; }; then echo root=yes; else echo root=no; fi
esac
echo "fleet-observation end $nonce"
}
observe "$@" 2>/dev/null </dev/null
exit 0
`
