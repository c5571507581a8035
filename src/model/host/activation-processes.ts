/**
 * An extended regular expression for command lines of an activation that is at work: fleet's own, deploy-rs's, anybody's
 * switch-to-configuration (a program, or a script that perl runs). It begins where the command line does, so that a program
 * that only names one is none, and its brackets keep the question from being an answer. deploy-rs's `wait` is left out:
 * after a failed activation it stays until its time is over, and changes nothing.
 */
const activations =
  '^(/[^ ]*/)?((perl|sh|bash) (-[^ ]* )*)?(/[^ ]*/)?([s]witch-to-configuration |[a]ctivate-rs (-.* )?(activate|revoke) |[d]eploy-rs-activate)|^sh /run/fleet/activations/[^ ]+/[a]ctivate work |^(sh |bash )?/nix/store/[^ ]*/bin/[a]ctivate (-.* )?(activate|revoke) '

/**
 * A shell command that succeeds while an activation runs. Only processes count that root started: `-U` looks at the real
 * user, so that nobody else keeps a host from being changed by giving a program, even a setuid one, such a name.
 */
export const activationRuns = `pgrep -U 0 -f '${activations}'`
