/** Seconds of the host's uptime after which an operator who says nothing is taken for gone. */
export const silenceSeconds = 30
/** Seconds that looking thousands of store paths up may take. */
export const workSeconds = 120

const places = `
export LC_ALL=C
directory=/run/fleet file=/run/fleet/host.lock record=/run/fleet/holder
# When a process began, in ticks since boot; nothing where there is none (man 5 proc).
began() { read -r stat <"/proc/$1/stat" && set -- \${stat##*) } && echo "\${20}"; } 2>/dev/null
show() { head -c 2000 "$record" 2>/dev/null | head -n 8 | while IFS= read -r line; do tell "holder $line"; done; }
`

/**
 * Holds a host's lock, as root, for as long as the connection that it talks through. Parameters: nonce, id, who, run, since.
 * It answers the lines of its standard input, each answer on lines that carry the nonce: `take`, `beat`, `release`,
 * `unprotect`, and `protect N` and `missing N`, which are followed by N bytes of store paths.
 *
 * The lock is a flock(2) of the process itself: it ends with it, whatever ends it. The process ends with its input, which
 * is at once when fleet is killed, and when nothing has come for ${silenceSeconds} s of uptime, which is when the other
 * end of a connection is gone and nobody has noticed. Nothing that it starts keeps file descriptor 9.
 */
export const holdScript = `
nonce=$1 id=$2 who=$3 run=$4 since=$5
umask 022
tell() { printf 'fleet-lock %s %s\\n' "$nonce" "$*"; }
${places}
roots=/nix/var/nix/gcroots/fleet held=no
heard=$directory/heard.$$
# hear SECONDS: something was heard now, and nothing more need be for that long.
hear() { read -r up rest </proc/uptime && now=\${up%%.*} && echo $((now + $1)) >"$heard"; }
# Ends this program when nothing has been heard for too long. It is a process of its own: one that reads may not be
# ended in the middle of a line.
watch() {
  exec </dev/null >/dev/null 2>&1 9>&-
  while sleep 5; [ "$(readlink "/proc/$$/fd/9")" = "$file" ]; do
    read -r up rest </proc/uptime && read -r last <"$heard"
    [ $((\${up%%.*} - last)) -lt ${silenceSeconds} ] || kill -TERM $$
  done
  rm -f "$heard"
}
sign() {
  [ "$held" = yes ] || return 0
  printf 'id=%s\\nwho=%s\\nrun=%s\\nsince=%s\\npid=%s\\nbegan=%s\\nheard=%s\\n' "$id" "$who" "$run" "$since" $$ "$(began $$)" "$now" >"$record.new" &&
    mv -f "$record.new" "$record"
}
take() {
  [ "$held" = yes ] || { flock -n 9 && held=yes; }
  if [ "$held" = yes ]; then sign && tell held; else show; tell busy; fi
}
# What dead runs left is let go: nobody else is at work here while this lock is held.
protect() {
  for other in "$roots"/*; do [ "$other" = "$roots/$run" ] || rm -rf "$other"; done
  mkdir -p "$roots/$run" || return
  while IFS= read -r path; do ln -sfn "$path" "$roots/$run/\${path##*/}" || return; done
}
unprotect() { rm -rf "$roots"; }
missing() { xargs -r -n 1000 nix-store --check-validity --print-invalid 9>&- | while IFS= read -r path; do tell "missing $path"; done; }
answer() { if "$@"; then tell done; else tell failed; fi; }
# Whoever can open a lock's file can hold the lock: it is root's alone. The record is for everybody to read.
mkdir -p "$directory" && chmod 755 "$directory" && { [ -e "$file" ] || (umask 077 && : >>"$file"); } && chmod 600 "$file" && exec 9>>"$file" || exit 1
hear 0 || exit 1
watch &
tell ready
while read -r line; do
  hear 0
  set -- $line
  case $1 in
    take) take ;;
    beat) sign && tell alive ;;
    protect) hear ${workSeconds} && timeout 60 head -c "$2" | answer protect ;;
    unprotect) answer unprotect ;;
    missing) hear ${workSeconds} && timeout 60 head -c "$2" | answer missing ;;
    release) break ;;
  esac || exit 1
  # Long work gives long patience no longer than it lasts.
  hear 0
done
rm -f "$heard"
[ "$held" = no ] || rm -f "$record"
`

/**
 * Says who holds a host's lock, to anybody. Parameter: nonce. The lock itself is closed to all but root, so the record is
 * asked, which only root can write: it counts while the process that it names is the one that wrote it.
 */
export const readScript = `
nonce=$1
tell() { printf 'fleet-lock %s %s\\n' "$nonce" "$*"; }
${places}
tell begin
pid=$(sed -n 's/^pid=\\([0-9][0-9]*\\)$/\\1/p' "$record" 2>/dev/null)
if [ -n "$pid" ] && grep -qxF "began=$(began "$pid")" "$record"; then show; tell busy; else tell free; fi
`

/**
 * Ends the process that holds a host's lock under an id, as root. Parameters: nonce, id. A record is believed only of a
 * process that has the lock's file open.
 */
export const removeScript = `
nonce=$1 id=$2
tell() { printf 'fleet-lock %s %s\\n' "$nonce" "$*"; }
${places}
holds() { [ -e "$file" ] && ! flock -n "$file" true; }
tell begin
pid=$(sed -n 's/^pid=\\([0-9][0-9]*\\)$/\\1/p' "$record" 2>/dev/null)
if ! holds || ! grep -qxF "id=$id" "$record" || [ "$(readlink "/proc/$pid/fd/9")" != "$file" ]; then tell free; exit; fi
kill -TERM "$pid"
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do holds || { rm -f "$record"; tell removed; exit; }; sleep 0.25; done
tell busy
`
