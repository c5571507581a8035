# Completion of fleet for bash 4 or newer: `fleet completion bash` prints it.
_fleet() {
  local line=${COMP_LINE:0:COMP_POINT} words current prefix value description
  # Readline cuts words at more than blanks (web-1@booted, --on=a): fleet is given them whole.
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=${words[${#words[@]} - 1]}
  # What it replaces begins behind the last of those characters, and with an @.
  prefix=${current%"${current##*[$COMP_WORDBREAKS]}"}
  prefix=${prefix%@}
  COMPREPLY=()
  while IFS=$'\t' read -r value description; do
    if [[ $value == :files ]]; then
      compopt -o default
    elif [[ -n $value ]]; then
      COMPREPLY+=("${value#"$prefix"}")
    fi
  done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _fleet fleet
