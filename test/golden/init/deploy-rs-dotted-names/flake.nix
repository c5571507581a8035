{
  # As flake-parts merges it: a module for each host, nodes under their full names, the login of all of them in one place.
  outputs =
    { self }:
    let
      nixos = import ./nixos.nix;
      hosts = {
        web = "web.example.org";
        db = "db.example.org";
        mail = "mail.example.org";
      };
    in
    {
      nixosConfigurations = builtins.mapAttrs (name: _: nixos.system name { }) hosts;
      deploy = {
        sshUser = "deploy";
        user = "root";
        fastConnection = true;
        nodes = builtins.listToAttrs (
          map (name: {
            name = hosts.${name};
            value = {
              hostname = hosts.${name};
              profiles.system.path = nixos.wrap self.nixosConfigurations.${name};
            };
          }) (builtins.attrNames hosts)
        );
      };
    };
}
