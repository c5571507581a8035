import { failure } from '../../model/failure.ts'
import type { DeployRsNode, Failure } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { DeployRsRequest } from '../../ports/nix.ts'
import { literal } from './literal.ts'

/**
 * Part of the same evaluation as `factsOf`, since both need the same configuration: the node of `deploy.nodes` with its
 * settings merged as deploy-rs merges them (serokell/deploy-rs src/data.rs: the first of profile, node and all nodes that
 * says something; `sshOpts` of all three), or the toplevel wrapped by the named flake's `activate.nixos`.
 */
export const deployRsOf = `{ flake, configuration, node, profile, wrap }:
let
  plain = builtins.unsafeDiscardStringContext;
  deploy = flake.deploy or { };
  nodes = deploy.nodes or { };
  own = nodes.\${node} or null;
  it = if own == null then null else own.profiles.\${profile} or null;
  levels = if it == null then [ ] else [ it own deploy ];
  said = name:
    let found = builtins.filter (level: (level.\${name} or null) != null) levels;
    in if found == [ ] then null else (builtins.head found).\${name};
  text = name: let value = said name; in if value == null then null else plain (toString value);
  inherit (configuration.config.system.build.toplevel) system;
  answer = source: path: {
    inherit source node profile;
    otherProfiles =
      if own == null then [ ]
      else map plain (builtins.filter (name: name != profile) (builtins.attrNames (own.profiles or { })));
    drv = if builtins.isAttrs path && path ? drvPath then plain path.drvPath else null;
    path = plain (toString path);
    hostname = if own == null || !(own ? hostname) then null else plain own.hostname;
    sshUser = text "sshUser";
    user = if own == null then "root" else text "user";
    sudo = text "sudo";
    tempPath = text "tempPath";
    profilePath = if it == null || !(it ? profilePath) then null else plain it.profilePath;
    sshOpts = builtins.concatMap (level: map (word: plain (toString word)) (level.sshOpts or [ ])) levels;
    fastConnection = said "fastConnection";
    remoteBuild = said "remoteBuild";
    interactiveSudo = said "interactiveSudo";
    autoRollback = said "autoRollback";
    magicRollback = said "magicRollback";
    confirmTimeout = said "confirmTimeout";
    activationTimeout = said "activationTimeout";
  };
in
  if it != null then answer "deploy.nodes" it.path
  else if own == null && wrap != null then answer "deployRs.flake" (wrap.lib.\${system}.activate.nixos configuration)
  else if own != null then { missing = "profile"; known = builtins.attrNames (own.profiles or { }); }
  else if nodes != { } then { missing = "node"; known = builtins.attrNames nodes; }
  else { missing = "nodes"; known = [ ]; }`

/** What `deployRsOf` answers. */
export type DeployRsAnswer =
  | (DeployRsNode & { readonly drv: string | null; readonly path: string })
  | { readonly missing: 'nodes' | 'node' | 'profile'; readonly known: readonly string[] }

/** What is read from it for a host's target. */
export interface DeployRsFindings {
  readonly deployRs: DeployRsNode | null
  readonly profileDrv: string | null
  /** Null: the toplevel stays what the profile will point at. */
  readonly profile: string | null
  readonly deployRsProblem: Failure | null
}

/** Reads the answer; `wraps` says whether a derivation is built from the toplevel's. */
export async function deployRsFindings(
  answer: DeployRsAnswer,
  { node, profile }: Pick<DeployRsRequest, 'node' | 'profile'>,
  wraps: (drv: string) => Promise<boolean>,
): Promise<DeployRsFindings> {
  if ('missing' in answer)
    return { deployRs: null, profileDrv: null, profile: null, deployRsProblem: missing(answer, node, profile) }
  const { drv, path, ...rest } = answer
  const others = rest.otherProfiles?.map(cleanLine)
  const deployRs = {
    ...rest,
    sshOpts: rest.sshOpts.map(cleanLine),
    ...(others === undefined ? {} : { otherProfiles: others }),
  }
  const found = { deployRs, profileDrv: drv, profile: path }
  const at = `deploy.nodes."${node}".profiles."${profile}".path`
  if (drv === null)
    return {
      ...found,
      deployRsProblem: failure('deploy-rs/no-derivation', 'the profile is no derivation', `${at} is ${path}.`),
    }
  if (await wraps(drv)) return { ...found, deployRsProblem: null }
  const detail = `${at} is ${path}, which is not built from the host's toplevel. Make it from the same configuration.`
  return {
    ...found,
    deployRsProblem: failure('deploy-rs/other-system', 'deploy-rs would deploy another system', detail),
  }
}

function missing({ missing: what, known }: { missing: string; known: readonly string[] }, node: string, name: string) {
  const names = known.map(cleanLine).join(', ')
  const help = 'Write it, or name the deploy-rs flake to wrap with (deployRs.flake), or set engine: nix.'
  switch (what) {
    case 'nodes':
      return failure('deploy-rs/no-nodes', 'the flake has no deploy.nodes', help)
    case 'node':
      return failure(
        'deploy-rs/no-node',
        'deploy.nodes lacks the host',
        `There is no "${node}"; there is ${names}. See deployRs.node. ${help}`,
      )
    default:
      return failure(
        'deploy-rs/no-profile',
        'the node lacks the profile',
        `deploy.nodes."${node}" has no profile "${name}"; it has ${names || 'none'}.`,
      )
  }
}

/** The whole expression for one host; `reference` and `wrap` are locked, so that evaluation stays pure. */
export function deployRsExpression(
  facts: string,
  { set, attribute }: { readonly set: string; readonly attribute: string },
  { node, profile, wrap, reference }: DeployRsRequest,
): string {
  const configuration = `flake.${set}.${literal(attribute)}`
  const lacking = literal(`the flake does not provide attribute '${set}."${attribute}"'`)
  return `let
  flake = builtins.getFlake ${literal(reference)};
  configuration = ${configuration} or (throw ${lacking});
in (${facts}) configuration // {
  deployRs = (${deployRsOf}) {
    inherit flake configuration;
    node = ${literal(node)};
    profile = ${literal(profile)};
    wrap = ${wrap === null ? 'null' : `builtins.getFlake ${literal(wrap)}`};
  };
}`
}
