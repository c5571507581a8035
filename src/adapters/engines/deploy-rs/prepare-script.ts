import { activationRuns } from '../../../model/host/activation-processes.ts'
import { withoutEnd } from '../../../model/text/without-end.ts'

/**
 * What deploy-rs does not ask a host before it changes it, run there as root, a POSIX sh script with these parameters:
 * the profile (`none`: there is none) and the system that must be found, and the file by whose removal deploy-rs confirms.
 * A file left over by an earlier try of the same path would confirm nothing and roll the host back every time
 * (serokell/deploy-rs#214); it is removed only where no activation runs, since removing a live one confirms it.
 * One that only waits changes nothing: it may be left by a failed activation until its time is over.
 * Exit codes of its own: 75 an activation runs, 76 the host is not where it should be.
 */
export const prepareScript = `
fleet_prepare() {
  profile=$1 system=$2 canary=$3
  export LC_ALL=C
  if ${activationRuns} >&2; then
    echo "an activation runs on this host" >&2
    exit 75
  fi
  link=/nix/var/nix/profiles/system
  # readlink -f names a last part that does not exist.
  found_profile=$([ -e "$link" ] && readlink -f "$link" || echo none)
  found_system=$([ -e /run/current-system ] && readlink -f /run/current-system || echo none)
  if [ "$found_profile" != "$profile" ] || [ "$found_system" != "$system" ]; then
    echo "found profile $found_profile and system $found_system" >&2
    exit 76
  fi
  # deploy-rs watches that directory, and gives up at once where it is not there.
  [ -d "\${canary%/*}" ] || { echo "\${canary%/*} (tempPath) is no directory on this host" >&2; exit 1; }
  rm -f -- "$canary"
}
fleet_prepare "$@" </dev/null
`

/** The file whose removal confirms (serokell/deploy-rs src/lib.rs, make_lock_path): named by the hash of the path. */
export function canaryOf(tempPath: string | null, path: string): string {
  const hash = path.slice('/nix/store/'.length, path.indexOf('-'))
  return `${withoutEnd(tempPath ?? '/tmp', '/')}/deploy-rs-canary-${hash}`
}
