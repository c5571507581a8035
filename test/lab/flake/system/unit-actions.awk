# Decides what a switch does with each unit, by the documented rules of switch-to-configuration. Reads "UNIT STATE" lines
# (ActiveState) and prints "ACTION UNIT" lines. Actions: stop, skip, reload, restart, start; stop-hidden and start-hidden for
# targets, which are done and not named; swapoff DEVICE.
#
#   awk -v old=DIR -v new=DIR -v old_list=FILE -v new_list=FILE [-v old_fstab=FILE -v new_fstab=FILE] -f unit-actions.awk
#
# `old` and `new` are directories of units. Their lists have a line for each file, "f PATH", and for each mask, "m PATH".

function trim(text) {
  gsub(/^[ \t\n]+|[ \t\n]+$/, "", text)
  return text
}

function read_list(file, which, line, path) {
  while ((getline line < file) > 0) {
    path = substr(line, 3)
    kind[which, path] = substr(line, 1, 1)
    if (path ~ /\.d\/[^\/]*\.conf$/) {
      sub(/\.d\/[^\/]*$/, "", path)
      drop_ins[which, path] = drop_ins[which, path] substr(line, 3) "\n"
    }
  }
  close(file)
}

function has(which, path) {
  return (which, path) in kind
}

function has_drop_ins(which, unit) {
  return (which, unit) in drop_ins
}

# Adds what a file says to keys[which, Section.Key].
function parse(file, which, line, section, at, key) {
  while ((getline line < file) > 0) {
    line = trim(line)
    if (line == "" || line ~ /^[#;]/) continue
    if (line ~ /^\[.*\]$/) {
      section = substr(line, 2, length(line) - 2)
      continue
    }
    at = index(line, "=")
    if (!at || section == "Install") continue
    key = section "." trim(substr(line, 1, at - 1))
    keys[which, key] = keys[which, key] trim(substr(line, at + 1)) "\n"
    names[key] = 1
    sections[section] = 1
  }
  close(file)
}

function parse_drop_ins(directory, unit, which, count, files, i) {
  if (!has_drop_ins(which, unit)) return
  count = split(drop_ins[which, unit], files, "\n")
  for (i = 1; i < count; i++) parse(directory "/" files[i], which)
}

# The file of a unit and its drop-ins; an instance that has no file of its own takes its template's, and its own drop-ins too.
function parse_unit(directory, unit, base, which) {
  parse(directory "/" base, which)
  parse_drop_ins(directory, base, which)
  if (unit != base) parse_drop_ins(directory, unit, which)
}

# X- flags moved between sections over the years, so all are looked at.
function flag(which, name, otherwise, section, value) {
  for (section in sections)
    if ((which, section "." name) in keys) {
      value = tolower(trim(keys[which, section "." name]))
      sub(/^.*\n/, "", value)
      return value == "yes" || value == "true" || value == "1" || value == "on"
    }
  return otherwise
}

# Asking for a value must not make one.
function value_of(which, key) {
  return (which, key) in keys ? keys[which, key] : ""
}

# equal, reload or changed.
function compare(key, result) {
  result = "equal"
  for (key in names) {
    if (key in ignored || value_of("old", key) == value_of("new", key)) continue
    if (key == "Unit.X-Reload-Triggers" || key == "Mount.Options") result = result == "changed" ? result : "reload"
    else if (key == "Service.ExecReload") {
      if (value_of("new", key) != "") result = result == "changed" ? result : "reload"
    } else result = "changed"
  }
  return result
}

function template_of(unit) {
  sub(/@.*\./, "@.", unit)
  return unit
}

function decide(unit, base, result) {
  base = unit
  if (unit ~ /@/ && !has("old", unit) && !has("new", unit)) base = template_of(unit)
  if (!has("old", base)) return
  split("", keys)
  split("", names)
  parse_unit(old, unit, base, "old")
  # An instance lives by its drop-ins where those are its own: without them it is no longer wanted.
  if (!has("new", base) || kind["new", base] == "m" || (base != unit && has_drop_ins("old", unit) && !has_drop_ins("new", unit))) {
    if (flag("old", "X-StopOnRemoval", 1)) print "stop", unit
    return
  }
  parse_unit(new, unit, base, "new")
  if (unit ~ /\.target$/) {
    if (!flag("new", "RefuseManualStart", 0) && !flag("new", "X-OnlyManualStart", 0) && !(unit in asleep)) print "start-hidden", unit
    if (flag("new", "X-StopOnReconfiguration", 0)) print "stop-hidden", unit
    return
  }
  result = compare()
  if (result == "reload") print "reload", unit
  else if (result == "changed") changed(unit, base)
}

function changed(unit, base) {
  if (unit ~ /\.(path|slice|socket)$/) return
  if (unit == "-.mount" || unit == "nix.mount") print "reload", unit
  else if (unit ~ /\.mount$/) print "restart", unit
  else if (flag("new", "X-ReloadIfChanged", 0)) print "reload", unit
  else if (!flag("new", "X-RestartIfChanged", 1) || flag("new", "RefuseManualStop", 0) || flag("new", "X-OnlyManualStart", 0)) print "skip", unit
  else if (!flag("new", "X-StopIfChanged", 1) || unit !~ /\.service$/) print "restart", unit
  else {
    print "stop", unit
    # A service whose socket listens is started by it.
    if (!by_socket(base)) print "start", unit
  }
}

function by_socket(base, sockets, count, i, found) {
  if (flag("new", "X-NotSocketActivated", 0)) return 0
  sockets = trim(value_of("new", "Service.Sockets"))
  if (sockets == "") {
    sockets = base
    sub(/\.service$/, ".socket", sockets)
  }
  count = split(sockets, list, /[ \n]+/)
  found = 0
  for (i = 1; i <= count; i++)
    if (list[i] in active) {
      print "stop", list[i]
      if (has("new", list[i]) && kind["new", list[i]] != "m") {
        print "start", list[i]
        found = 1
      }
    }
  return found
}

# The mount unit of a path, as systemd-escape --path writes it.
function unit_of(path, result, i, letter) {
  gsub(/\/+/, "/", path)
  gsub(/^\/|\/$/, "", path)
  if (path == "") return "-"
  for (i = 1; i <= length(path); i++) {
    letter = substr(path, i, 1)
    if (letter == "/") result = result "-"
    else if (letter ~ /[A-Za-z0-9:_]/ || (letter == "." && i > 1)) result = result letter
    else result = result sprintf("\\x%02x", code[letter])
  }
  return result
}

function read_fstab(file, which, line, field) {
  while ((getline line < file) > 0) {
    line = trim(line)
    if (line == "" || line ~ /^#/) continue
    split(line, field, /[ \t]+/)
    if (field[3] == "swap") swaps[which, field[1]] = 1
    else {
      places[field[2]] = 1
      what[which, field[2]] = field[1] " " field[3]
      options[which, field[2]] = field[4]
    }
    if (field[3] == "swap") devices[field[1]] = 1
  }
  close(file)
}

function automounts(which, place) {
  return ("," options[which, place] ",") ~ /,x-systemd\.automount,/
}

function decide_fstab(place, unit, device) {
  for (place in places) {
    if (!(("old", place) in what)) continue
    unit = unit_of(place)
    if (!(("new", place) in what)) {
      print "stop", unit ".mount"
      if (automounts("old", place)) print "stop", unit ".automount"
      continue
    }
    if (automounts("old", place) && !automounts("new", place)) print "stop", unit ".automount"
    if (what["old", place] != what["new", place] && place != "/" && place != "/nix") print "restart", unit ".mount"
    else if (options["old", place] != options["new", place]) print "reload", unit ".mount"
  }
  for (device in devices) if ((("old", device) in swaps) && !(("new", device) in swaps)) print "swapoff", device
}

BEGIN {
  for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
  count = split("Description Documentation OnFailure OnSuccess OnFailureJobMode IgnoreOnIsolate StopWhenUnneeded " \
    "RefuseManualStart RefuseManualStop AllowIsolate CollectMode SourcePath", words, " ")
  for (i = 1; i <= count; i++) ignored["Unit." words[i]] = 1
  count = split("suspend hibernate hybrid-sleep suspend-then-hibernate", words, " ")
  for (i = 1; i <= count; i++) asleep[words[i] ".target"] = 1
  read_list(old_list, "old")
  read_list(new_list, "new")
  if (old_fstab != "") {
    read_fstab(old_fstab, "old")
    read_fstab(new_fstab, "new")
  }
}

{ state[$1] = $2 }
$2 == "active" || $2 == "activating" { active[$1] = 1 }

END {
  for (unit in active) decide(unit)
  decide_fstab()
}
