#!/bin/sh
# Passes when a repository can be read: what matters of a git server, whatever stands between it and you.
#
#   checks:
#     git:
#       type: command
#       from: operator
#       run: [./checks/git-serves.sh, "https://git.example.net/lab/nixos.git"]
#       timeout: 20s
#
# The protocol is `exit`, as none is named: 0 is pass, 75 "no result", anything else fail. The last line that it
# prints is the message.
set -u
repository=${1:?"usage: git-serves.sh REPOSITORY"}
command -v git >/dev/null || { echo "there is no git on this machine"; exit 75; }

# There is no terminal to type a password on.
if answer=$(GIT_TERMINAL_PROMPT=0 git ls-remote --exit-code -- "$repository" HEAD 2>&1); then
  echo "HEAD is $(echo "$answer" | tail -n 1 | cut -c 1-7)"
else
  echo "$answer" | grep . | tail -n 1
  exit 1
fi
