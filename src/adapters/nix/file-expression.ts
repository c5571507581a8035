import { literal } from './literal.ts'

/** The value of a file, called where it is a function, and the hosts in it. */
const opened = `
  all = let root = import file; in if builtins.isFunction root then root { } else root;
  # A host may be its system alone.
  host = value: if value ? config || (value.type or null) != "derivation" then value else { config.system.build.toplevel = value; };`

/** Fetches a tree, and tells its place and what pins it; a set with an outPath would be printed as that alone. */
export function fetchExpression(input: string): string {
  return `let tree = builtins.fetchTree ${input}; in builtins.removeAttrs tree [ "outPath" ] // { path = "\${tree}"; }`
}

/** Whether a file holds modules for Colmena, and no systems. */
export function hiveQuestion(file: string): string {
  return `let file = ${literal(file)};${opened}
in builtins.isAttrs all && (all ? meta || all ? network) && !(all ? nixosConfigurations || all ? nodes)`
}

/**
 * What a host of a Nix file evaluates to, with `facts` applied. The set that holds the hosts is `set`; where that is
 * `nixosConfigurations` and the file has none, it is the file itself.
 */
export function fileExpression(file: string, facts: string, set: string, attribute: string): string {
  const lacking = literal(`the file does not provide attribute '${set}."${attribute}"'`)
  const hosts =
    set === 'nixosConfigurations'
      ? 'all.nixosConfigurations or all'
      : `all.${set} or (throw ${literal(`the file does not provide attribute '${set}'`)})`
  return `let file = ${literal(file)};${opened}
  hosts = ${hosts};
in (${facts}) (host (hosts.${literal(attribute)} or (throw ${lacking})))`
}

/** The same, as Colmena evaluates an expression over its nodes. */
export function hiveExpression(facts: string, attribute: string): string {
  const lacking = literal(`the hive has no node '${attribute}'`)
  return `{ nodes, ... }: (${facts}) (nodes.${literal(attribute)} or (throw ${lacking}))`
}

/** A file may look up `<nixpkgs>`: what the operator has set stays. */
export function impureEnvironment(): Readonly<Record<string, string>> {
  const { NIX_PATH } = process.env
  return NIX_PATH === undefined ? {} : { NIX_PATH }
}
