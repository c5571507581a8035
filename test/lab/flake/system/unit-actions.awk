# Decides what a switch does with each unit, by the rules of switch-to-configuration: reads "UNIT STATE" lines, compares the
# parsed files in the directories `old` and `new`, and prints "ACTION UNIT" lines: stop, skip, reload, restart, start.

function trim(text) {
  gsub(/^[ \t\n]+|[ \t\n]+$/, "", text)
  return text
}

# Adds what a file says to keys[which, Section.Key]; false when there is no such file.
function parse(file, which, line, section, at, key, status, found) {
  found = 0
  while ((status = (getline line < file)) > 0) {
    found = 1
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
  }
  close(file)
  return found
}

function parse_unit(directory, unit, which, found, template) {
  found = parse(directory "/" unit, which)
  if (!found && unit ~ /@/) {
    template = unit
    sub(/@.*\./, "@.", template)
    found = parse(directory "/" template, which)
  }
  if (found) parse(directory "/" unit ".d/overrides.conf", which)
  return found
}

# X- flags moved between sections over the years, so all are looked at.
function flag(which, name, otherwise, section, value) {
  for (section in sections)
    if ((which, section "." name) in keys) {
      value = tolower(trim(keys[which, section "." name]))
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

BEGIN {
  count = split("Description Documentation OnFailure OnSuccess OnFailureJobMode IgnoreOnIsolate StopWhenUnneeded " \
    "RefuseManualStart RefuseManualStop AllowIsolate CollectMode SourcePath", words, " ")
  for (i = 1; i <= count; i++) ignored["Unit." words[i]] = 1
  sections["Unit"] = sections["Service"] = sections["Timer"] = sections["Socket"] = 1
}

$2 == "active" || $2 == "activating" {
  unit = $1
  split("", keys)
  split("", names)
  if (!parse_unit(old, unit, "old")) next
  if (!parse_unit(new, unit, "new")) {
    if (flag("old", "X-StopOnRemoval", 1)) print "stop", unit
    next
  }
  if (unit ~ /\.target$/) next
  result = compare()
  if (result == "equal") next
  if (result == "reload") { print "reload", unit; next }
  if (unit ~ /\.(path|slice|socket)$/) next
  if (unit == "-.mount" || unit == "nix.mount") { print "reload", unit; next }
  if (unit ~ /\.mount$/) { print "restart", unit; next }
  if (flag("new", "X-ReloadIfChanged", 0)) print "reload", unit
  else if (!flag("new", "X-RestartIfChanged", 1) || flag("new", "RefuseManualStop", 0) || flag("new", "X-OnlyManualStart", 0)) print "skip", unit
  else if (!flag("new", "X-StopIfChanged", 1) || unit !~ /\.service$/) print "restart", unit
  else {
    print "stop", unit
    print "start", unit
  }
}
