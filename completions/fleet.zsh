#compdef fleet
# Completion of fleet for zsh: `fleet completion zsh` prints it.
_fleet() {
  local -a found
  local line files value
  for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    value=${line%%$'\t'*}
    if [[ $value == :files ]]; then
      files=1
    elif [[ -n $value ]]; then
      found+=("${value//:/\\:}:${line#*$'\t'}")
    fi
  done
  (( ${#found} )) && _describe -V 'fleet' found
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _fleet ]]; then
  _fleet "$@"
else
  compdef _fleet fleet
fi
