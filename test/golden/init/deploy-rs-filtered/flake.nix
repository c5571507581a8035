{
  # Nodes are made from the configurations that say so themselves.
  outputs =
    { self }:
    let
      nixos = import ./nixos.nix;
      filtered = builtins.filter (name: self.nixosConfigurations.${name}.config.my.deploy == true) (
        builtins.attrNames self.nixosConfigurations
      );
    in
    {
      nixosConfigurations = {
        gateway = nixos.system "gateway" { my = { deploy = true; address = "gateway.lan"; }; };
        media = nixos.system "media" { my = { deploy = true; address = "media.lan"; }; };
        desk = nixos.system "desk" { my.deploy = false; };
      };
      deploy.nodes = builtins.listToAttrs (
        map (name: {
          inherit name;
          value = {
            hostname = self.nixosConfigurations.${name}.config.my.address;
            profiles.system = { user = "root"; sshUser = "root"; path = nixos.wrap self.nixosConfigurations.${name}; };
          };
        }) filtered
      );
    };
}
