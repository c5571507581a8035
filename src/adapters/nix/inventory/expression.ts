import type { Part, Question } from '../../../model/inventory/facts.ts'
import { deployRsOf } from '../deploy-rs-node.ts'
import { literal } from '../literal.ts'

/** The sets of names, by part; each is evaluated for itself where all at once do not evaluate. */
const sets: Readonly<Record<Part | 'darwin', string>> = {
  configuration: 'flake.nixosConfigurations or { }',
  hive: 'flake.colmenaHive.nodes or { }',
  module: 'builtins.removeAttrs (flake.colmena or { }) [ "meta" "network" "defaults" ]',
  node: 'flake.deploy.nodes or { }',
  machine: 'machines',
  darwin: 'flake.darwinConfigurations or { }',
}

/** Every output that knows hosts. */
export const parts = Object.keys(sets) as readonly (Part | 'darwin')[]

/**
 * Reads one host of each part. Every fact is tried by itself: what throws is null. What Nix cannot catch (a missing file or
 * attribute, a type error) ends the evaluation, and with it all that is asked for in the same one.
 */
const readers = `
  plain = builtins.unsafeDiscardStringContext;
  known = value: let tried = builtins.tryEval (builtins.deepSeq value value); in if tried.success then tried.value else null;
  string = value: if builtins.isString value || builtins.isPath value then plain (toString value) else null;
  text = value: known (string value);
  flag = value: known (if builtins.isBool value then value else null);
  number = value: known (if builtins.isInt value then value else null);
  texts = value: known (if builtins.isList value then map string value else null);
  keysOf = value: known (if builtins.isAttrs value then builtins.attrNames value else null);
  machines = flake.clan.inventory.machines or flake.clanInternals.inventory.machines or { };

  deployment = d: {
    isTargetSaid = d ? targetHost;
    targetHost = text (d.targetHost or null);
    targetPort = number (d.targetPort or null);
    targetUser = text (d.targetUser or (if d ? targetUser then null else "root"));
    tags = texts (d.tags or null);
    allowLocalDeployment = flag (d.allowLocalDeployment or null);
    buildOnTarget = flag (d.buildOnTarget or null);
    sshOptions = texts (d.sshOptions or null);
    privilegeEscalationCommand = texts (d.privilegeEscalationCommand or null);
    keys = keysOf (d.keys or null);
  };

  system = c:
    let config = c.config; build = config.system.build or { }; arguments = c._module.args.nixinate or null; in {
      hostName = text (config.networking.hostName or null);
      isInstaller = known (
        (config.system.nixos.variant_id or null) == "installer"
        || config ? isoImage || build ? isoImage || build ? netbootRamdisk);
      isDesktop = known ((config.services.xserver.enable or false) || (config.services.displayManager.enable or false));
      openPorts = number (builtins.length (config.networking.firewall.allowedTCPPorts or (throw "not said")));
      deployment = if config ? deployment then deployment config.deployment else null;
      nixinate = if arguments == null then null else {
        host = text (arguments.host or null);
        sshUser = text (arguments.sshUser or null);
        port = number (arguments.port or null);
        buildOn = text (arguments.buildOn or null);
        substituteOnTarget = flag (arguments.substituteOnTarget or null);
      };
      clanTarget = text (config.clan.core.networking.targetHost or null);
    };

  # A module that is a function is called with its own name alone: what it takes from the rest of the hive is not there.
  opened = name: value:
    let
      module = if builtins.isPath value then import value else value;
      unknown = builtins.mapAttrs (argument: _: throw "\${argument} is not known") (
        if builtins.isFunction module then builtins.functionArgs module else { });
    in if builtins.isFunction module then module (unknown // { inherit name; }) else module;
  saidBy = name: value: let found = (opened name value).deployment or { }; in if found ? _type then { } else found;

  read = {
    configuration = name: system flake.nixosConfigurations.\${name};
    hive = name: system flake.colmenaHive.nodes.\${name};
    module = name: deployment (saidBy name (flake.colmena.defaults or { }) // saidBy name flake.colmena.\${name});
    node = name:
      let
        profiles = builtins.attrNames (flake.deploy.nodes.\${name}.profiles or { });
        profile = if builtins.elem "system" profiles then "system"
          else if builtins.length profiles == 1 then builtins.head profiles else null;
        said = (${deployRsOf}) {
          inherit flake profile;
          configuration = throw "not asked for";
          node = name;
          wrap = null;
        };
      in {
        inherit profile;
        otherProfiles = builtins.filter (other: other != profile) profiles;
        hostname = text (flake.deploy.nodes.\${name}.hostname or null);
        deploys = if profile == null then null else text (flake.deploy.nodes.\${name}.profiles.\${profile}.path.name or null);
      } // (if profile == null then { sshOpts = [ ]; } else {
        inherit (said)
          sshUser user sudo tempPath profilePath sshOpts fastConnection remoteBuild interactiveSudo autoRollback
          magicRollback confirmTimeout activationTimeout;
      });
    machine = name: let machine = machines.\${name}; in {
      targetHost = text (machine.deploy.targetHost or null);
      buildHost = text (machine.deploy.buildHost or null);
      tags = texts (machine.tags or null);
      machineClass = text (machine.machineClass or null);
    };
  };`

/** The names of some outputs, as an object of lists. */
export function outlineExpression(flake: string, wanted: readonly (Part | 'darwin')[]): string {
  const names = wanted.map((part) => `${part} = builtins.attrNames (${sets[part]});`).join(' ')
  return `let flake = builtins.getFlake ${literal(flake)};${readers}
in { ${names} }`
}

/** The answers to some questions, as a list in their order. */
export function readExpression(flake: string, questions: readonly Question[]): string {
  const asked = questions.map(({ part, name }) => `(read.${part} ${literal(name)})`).join(' ')
  return `let flake = builtins.getFlake ${literal(flake)};${readers}
in [ ${asked} ]`
}
