#!/bin/sh
# Takes the work from a node of a Kubernetes cluster before its activation, and lets work in again after it.
#
#   hooks:
#     - on: [before.host, host.succeeded, host.skipped, host.stale, host.rolled-back, host.cancelled]
#       run: [./hooks/drain.sh, "{{host.name}}"]
#       timeout: 60s
#
# A host that failed and is not back where it was stays drained. One that is no node of the cluster is let through. For
# HAProxy, nginx or a load balancer of your own, put its two commands in the place of kubectl's.
set -u
node=${1:?"usage: drain.sh HOST"}

# A gate that cannot answer stays closed: any exit code but 0 and 75 refuses the host.
found=$(kubectl get node "$node" --ignore-not-found --output name) || {
  echo "the cluster does not answer"
  exit 1
}
[ -n "$found" ] || { echo "$node is no node of the cluster"; exit 0; }

if [ "$FLEET_EVENT" = before.host ]; then
  # 75 is "not yet": fleet asks again, and meanwhile says why it waits.
  kubectl drain "$node" --ignore-daemonsets --delete-emptydir-data --timeout=30s >&2 || {
    echo "$node still has pods that may not go yet"
    exit 75
  }
  echo "$node is drained"
else
  kubectl uncordon "$node" >&2 || { echo "$node could not be opened again"; exit 1; }
  echo "$node takes work again"
fi
