# A home lab as people have it: six hosts, one flake, deploy-rs, and git as the source of truth.
# Its systems are made without nixpkgs (nixos/), so that fleet can be tried on it in seconds and without a network.
{
  description = "A home lab of six hosts";

  outputs =
    { self }:
    let
      nixos = import ./nixos;
      names = [
        "congenital-optimist"
        "grey-area"
        "limiting-factor"
        "little-rascal"
        "reverse-proxy"
        "sleeper-service"
      ];
      each = make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    in
    {
      nixosConfigurations = each (name: nixos.system { inherit name; host = import (./hosts + "/${name}.nix"); });

      deploy = {
        # The one account that every host knows, with sudo that asks for no password.
        sshUser = "sma";
        user = "root";
        nodes =
          each (name: {
            hostname = "${name}.ts.example";
            profiles.system.path = nixos.activate self.nixosConfigurations.${name};
          })
          // {
            # The slowest link of all.
            reverse-proxy = {
              hostname = "reverse-proxy.ts.example";
              activationTimeout = 300;
              confirmTimeout = 60;
              profiles.system.path = nixos.activate self.nixosConfigurations.reverse-proxy;
            };
          };
      };
    };
}
