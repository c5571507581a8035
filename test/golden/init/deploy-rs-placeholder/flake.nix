{
  # Made to be deployed with `deploy --hostname`, to whatever machine is at hand.
  outputs =
    { self }:
    let
      nixos = import ./nixos.nix;
      node = name: hostname: { inherit hostname; sshUser = "root"; profiles.system.path = nixos.wrap self.nixosConfigurations.${name}; };
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system { builder = { }; appliance = { }; relay = { }; };
      deploy.nodes = {
        builder = node "builder" "builder.example.org";
        relay = node "relay" "relay.example.org";
        appliance = node "appliance" "MUST_OVERRIDE_HOSTNAME";
      };
    };
}
