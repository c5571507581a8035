{
  # Two profiles on a host, in an order of their own; a Debian machine that has a home alone.
  outputs =
    { self }:
    let
      nixos = import ./nixos.nix;
      home = name: derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; };
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system { desk = { }; server = { }; };
      deploy.nodes = {
        desk = {
          hostname = "desk.example.org";
          sshUser = "anna";
          profilesOrder = [ "system" "home" ];
          profiles.system = { user = "root"; path = nixos.wrap self.nixosConfigurations.desk; };
          profiles.home = { user = "anna"; path = home "home-manager-generation"; };
        };
        server = {
          hostname = "server.example.org";
          sshUser = "anna";
          profiles.system = { user = "root"; path = nixos.wrap self.nixosConfigurations.server; };
        };
        debian = {
          hostname = "debian.example.org";
          sshUser = "anna";
          profiles.home = { user = "anna"; path = home "home-manager-generation"; };
        };
      };
    };
}
