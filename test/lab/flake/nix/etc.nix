# The /etc of a system: one derivation whose build script has one `makeEtcEntry SRC TARGET MODE USER GROUP` line a file.
{ derive, text }:
let
  # An entry is a text, or { source, mode?, user?, group? }.
  normal =
    target: entry:
    (if builtins.isString entry then { source = derive.writeText (text.storeName "etc-${baseNameOf target}") entry; } else entry)
    // {
      inherit target;
    };
  line =
    entry:
    text.words (
      map text.argument [
        "makeEtcEntry"
        "${entry.source}"
        entry.target
        (entry.mode or "symlink")
        (entry.user or "+0")
        (entry.group or "+0")
      ]
    );
in
entries:
derive.plain {
  name = "etc";
  buildCommand = ''
    makeEtcEntry() {
      src="$1"
      target="$2"
      mode="$3"
      user="$4"
      group="$5"
      mkdir -p "$out/etc/$(dirname "$target")"
      ln -s "$src" "$out/etc/$target"
      if [ "$mode" != symlink ]; then
        echo "$mode" > "$out/etc/$target.mode"
        echo "$user" > "$out/etc/$target.uid"
        echo "$group" > "$out/etc/$target.gid"
      fi
    }

    mkdir -p "$out/etc"
    ${text.lines (text.mapAttributes (target: entry: line (normal target entry)) entries)}
  '';
}
