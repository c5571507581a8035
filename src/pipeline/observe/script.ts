import { activationRuns } from '../../model/host/activation-processes.ts'

/** Programs that the questions to a host need, of those that every NixOS has. */
export const observationTools = [
  'base64',
  'date',
  'find',
  'grep',
  'gzip',
  'head',
  'readlink',
  'sha256sum',
  'stat',
  'systemctl',
  'tr',
  'xargs',
] as const

/**
 * Asks a host what it runs: one POSIX sh script, read-only, one `key=value` line an answer, between two lines that carry
 * the nonce `$1`, so that whatever a login shell prints before it is not taken for an answer.
 * `$2` holds words with commas between them: `root` to say also whether `$3…` (a sudo prefix) works without a password,
 * `detail` to say also what the running system consists of, `store` to say also what only a Nix process tells. `of-41`, `of-booted`,
 * `of-profile`: that generation stands for the running system in all that is said of its files.
 * What cannot be read is left out; the reader decides what that means. Processes are what it costs: shell built-ins
 * where they do, one process for all links, one for all units. Needs what every NixOS has, and says what is missing of it.
 */
export const observationScript = `
observe() {
nonce=$1
want=,$2,
shift 2
profile=/nix/var/nix/profiles/system
lock=/run/nixos/switch-to-configuration.lock
units=/nonexistent user_units=/nonexistent blanks=$IFS
boots= system=
export LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
set -f
say() { [ -n "$2" ] && printf '%s=%s\\n' "$1" "$2"; }
# Who else may open a file may lock it, too.
is_roots() {
  while read -r key real effective rest; do
    case $key in Uid:) [ "$real$effective" = 00 ]; return ;; esac
  done < "/proc/$1/status"
  return 1
}
# The 20th field behind the name: when the process began, in hundredths of a second after the kernel did.
set_fields() { set -- $1; shift 19; begun=$1; }
first() { line=; [ -r "$2" ] && { read -r line < "$2"; say "$1" "$line"; }; }
# KEY PATH …: where each path leads, those that are not there left out.
links() {
  keys= left=$#
  while [ "$left" -gt 0 ]; do
    [ -e "$2" ] && { keys="$keys $1"; set -- "$@" "$2"; }
    shift 2
    left=$((left - 2))
  done
  asked=$#
  set -- $(readlink -f -- "$@")
  [ $# -eq "$asked" ] || return
  for key in $keys; do
    case $key in
      next-boot) boots=\${1%/*} && say next-boot "$boots" ;;
      units) units=$1 ;;
      user-units) user_units=$1 ;;
      *) say "$key" "$1" ;;
    esac
    [ "$key" = system ] && system=$1
    shift
  done
}
# One record a unit, Id first, each with the same keys: they are of systemd's own interface of all units.
tell_units() {
id= line_feed='
'
IFS=$line_feed
for line in $(systemctl show --all '*' -p Id,Following,Requires,Requisite,Wants,BindsTo,PartOf,Upholds,LoadState,ActiveState,SubState \\
  -p FragmentPath,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic,ConditionResult,ConditionTimestampMonotonic); do
  value=\${line#*=}
  case $line in
    Id=*) tell_unit; id=$value following= load= active= sub= fragment= left=0 entered=0 condition= tested=0 wants= requires= part= ;;
    Following=*) following=$value ;;
    LoadState=*) load=$value ;;
    ActiveState=*) active=$value ;;
    SubState=*) sub=$value ;;
    FragmentPath=*) fragment=$value ;;
    InactiveExitTimestampMonotonic=*) left=$value ;;
    ActiveEnterTimestampMonotonic=*) entered=$value ;;
    ConditionResult=*) condition=$value ;;
    ConditionTimestampMonotonic=*) tested=$value ;;
    Wants=?* | Upholds=?*) wants="$wants $value" ;;
    Requires=?* | Requisite=?* | BindsTo=?*) requires="$requires $value" ;;
    PartOf=?*) part=$value ;;
  esac
done
tell_unit
IFS=$blanks
}
tell_unit() {
[ -n "$id" ] && [ -z "$following" ] || return
if [ "$active" != inactive ]; then
  printf 'unit=%s\\t%s\\t%s\\t%s\\n' "$id" "$active" "$sub" "$fragment"
elif [ "$load" != loaded ]; then
  return
elif [ "$condition" = no ] && [ "\${tested:-0}" != 0 ]; then
  printf 'unit-idle=%s\\tunmet\\n' "$id"
elif [ "\${entered:-0}" != 0 ]; then
  printf 'unit-idle=%s\\tstopped\\n' "$id"
elif [ "\${left:-0}" != 0 ]; then
  printf 'unit-idle=%s\\tended\\n' "$id"
else
  printf 'unit-idle=%s\\tnever\\n' "$id"
fi
needs wants "$wants"
needs requires "$requires"
needs part-of "$part"
}
# What nearly every unit needs is left out, and what no switch touches.
needs() {
[ -n "$2" ] || return
kept= IFS=' '
for unit in $2; do
  case $unit in *.slice | *.device | -.mount | sysinit.target | basic.target | shutdown.target) ;; *) kept="$kept $unit" ;; esac
done
IFS=$line_feed
[ -z "$kept" ] || printf 'unit-%s=%s\\t%s\\n' "$1" "$id" "\${kept# }"
}
detail() {
echo detail=yes
set +f
for link in "$running"/specialisation/*; do [ -e "$link" ] && say has-specialisation "\${link##*/}"; done
set -f
first current-kernel-params "$system/kernel-params"
first init-interface "$system/init-interface-version"
[ -r "$system/switch-inhibitors" ] && say inhibitors "$(head -c 65536 "$system/switch-inhibitors" | tr '\\n' ' ')"
find "$system/etc/" "$units/" "$user_units/" -type l '(' -path "$units/*" -printf 'unit-link=%P\\t%l\\n' -o \\
  -path "$user_units/*" -printf 'user-unit-link=%P\\t%l\\n' -o -printf 'etc=%P\\t%l\\n' ')'
IFS='
'
for file in $(find "$system/etc/" -type f '(' -name '*.mode' -o -name '*.uid' -o -name '*.gid' ')' -printf '%P\\n'); do
  read -r word < "$system/etc/$file" && printf 'etc-file=%s\\t%s\\n' "$file" "$word"
done
IFS=$blanks
for path in $(grep -ohE '/[^[:space:]"=@]*-(users-groups\\.json|firewall-start(/bin/firewall-start)?|nftables-rules)' "$system/activate" "$units/firewall.service" "$units/nftables.service"); do
  case $path in
    *-users-groups.json) say users-file "$path" ;;
    *) say firewall-file "$path" ;;
  esac
done
tell_units
}
# A login shell may have left its line open.
printf '\\nfleet-observation 1 %s\\n' "$nonce"
running=/run/current-system booted=/run/booted-system
# A profile may lead to a wrapper around the system.
within() { running=$(readlink -f "$1/nixos-version"); running=\${running%/*}; running=\${running:-/nonexistent}; }
case $want in
  *,of-booted,*) running=$booted ;;
  *,of-profile,*) within "$profile" ;;
  *,of-[0-9]*) number=\${want#*,of-}; within "$profile-\${number%%,*}-link" ;;
esac
for tool in ${observationTools.join(' ')}; do command -v "$tool" >/dev/null || say missing-tool "$tool"; done
links system $running profile "$profile" next-boot "$profile/nixos-version" booted $booted \\
  booted-kernel $booted/kernel booted-initrd $booted/initrd booted-kernel-modules $booted/kernel-modules \\
  current-kernel $running/kernel current-initrd $running/initrd current-kernel-modules $running/kernel-modules \\
  current-systemd $running/systemd sw $running/sw units $running/etc/systemd/system \\
  user-units $running/etc/systemd/user
if [ -L "$profile" ]; then
  target=$(readlink "$profile")
  target=\${target##*system-}
  say generation "\${target%-link}"
  made=$(stat -c %Y "$profile") && say profile-age "$(($(date +%s) - made))"
fi
# A specialisation is a system of its own; only the one that it belongs to names it.
if [ "$boots" != "$system" ] && [ -d "$boots/specialisation" ]; then
  set +f
  for link in "$boots"/specialisation/*; do
    [ "$(readlink -f "$link")" = "$system" ] && say specialisation "\${link##*/}" && say specialisation-of "$boots"
  done
  set -f
fi
newest=
set +f
for link in "$profile"-*-link; do
  link=\${link#"$profile-"}
  [ "\${link%-link}" -gt "\${newest:-0}" ] && newest=\${link%-link}
done
set -f
say newest-generation "$newest"
case $want in *,root,*)
  say clock "$(date +%s)"
  say login "$(id -un) $(id -Gn)"
  say trusted "$(sed -nE 's/^[[:space:]]*(extra-)?trusted-users[[:space:]]*=//p' /etc/nix/nix.conf | tr '\\n' ' ')"
esac
first booted-kernel-params $booted/kernel-params
first hostname /proc/sys/kernel/hostname
first kernel-release /proc/sys/kernel/osrelease
first platform $running/system
first release $running/nixos-version
first boot-id /proc/sys/kernel/random/boot_id
# The host is up since its first process is: in a container the machine has been for longer.
read -r up line < /proc/uptime && read -r line < /proc/1/stat && set_fields "\${line##*) }" &&
  say uptime "$((\${up%.*} - begun / 100))"
say revision "$(nixos-version --configuration-revision)"
hash=$(sha256sum < /etc/machine-id) && say machine "\${hash%% *}"
set +f
for file in /etc/ssh/ssh_host_*_key.pub; do
  [ -r "$file" ] && read -r kind key line < "$file" && say host-key "$kind $key"
done
set -f
free() { say "$1" "$(($2 * $3 / 1024))"; }
space=$(stat -f -c '%a %S' /nix/store) && free free-nix $space
[ -d /boot ] && space=$(stat -f -c '%a %S' /boot) && free free-boot $space
if [ -e "$lock" ]; then
  place=$(stat -c '%d %i' "$lock") && device=\${place% *}
  place=$(printf '%02x:%02x:%s' $((device >> 8 & 4095)) $((device & 255 | device >> 12 & 1048320)) "\${place#* }")
  while read -r number kind state access pid at rest; do
    [ "$at" = "$place" ] && is_roots "$pid" && { echo activating=yes; break; }
  done < /proc/locks
fi
# What outlives its connection: deploy-rs's activation and its wait for a confirmation, fleet's own, anybody's switch.
case $want in *,detail,*) ;; *) ${activationRuns} >/dev/null && echo activating=yes ;; esac
say system-state "$(systemctl is-system-running)"
case $want in
  *,detail,*) detail ;;
  *) systemctl list-units --failed --plain --no-legend --full --all | while read -r unit line; do say failed-unit "$unit"; done ;;
esac
case $want in *,store,*)
  say nix-version "$(nix-store --version)"
  say deriver "$(nix-store -q --deriver "$system")"
  for path in $(nix-store -q --references "$(readlink -f $running/sw)"); do say selected "$path"; done
esac
case $want in *,root,*)
  if [ "$(id -u)" -eq 0 ] || { [ $# -gt 0 ] && "$@" true; }; then echo root=yes; else echo root=no; fi
esac
echo "fleet-observation end $nonce"
}
observe "$@" 2>/dev/null </dev/null
exit 0
`
