# The lab's fleet: NixOS-shaped systems from a flake without inputs. `nixosConfigurations` is what the hosts should run,
# `installed` what they run when the lab comes up: the same hosts with the older versions of installed.json.
{
  description = "The fleet of the lab";

  outputs =
    { self }:
    let
      read = file: builtins.fromJSON (builtins.readFile file);
      hosts = read ./hosts.json;
      versions = read ./versions.json;
      installed = read ./installed.json;
      nixos = import ./nix/nixos.nix;

      # Nodes of deploy-rs, where deploy.json is there: settings as deploy-rs takes them, with a wrapper of the host's system
      # (or of another's, where `configuration` names it) as the profile `system`, or as `profileName`.
      inherit (((import ./deploy-rs/flake.nix).outputs { self = { }; }).lib.x86_64-linux) activate;
      deploy = read ./deploy.json;
      node =
        name: settings:
        builtins.removeAttrs settings [ "configuration" "profileName" ]
        // {
          profiles.${settings.profileName or "system"}.path =
            activate.nixos self.nixosConfigurations.${settings.configuration or name};
        };

      # A host of installed.json may differ from today's in any key; its versions are the older ones.
      installedHost = name: host: host // { packages = { }; broken = null; } // (installed.hosts.${name} or { });
      installedVersions = versions // installed.versions // {
        packages = versions.packages // installed.versions.packages;
      };
    in
    {
      nixosConfigurations = builtins.mapAttrs (name: host: nixos { inherit name host versions; }) hosts;
      installed = builtins.mapAttrs (
        name: host:
        nixos {
          inherit name;
          host = installedHost name host;
          versions = installedVersions;
        }
      ) hosts;
    }
    // (
      if builtins.pathExists ./deploy.json then
        { deploy = deploy // { nodes = builtins.mapAttrs node deploy.nodes; }; }
      else
        { }
    );
}
