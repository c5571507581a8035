{
  # The founding home lab: systems, and not one address. The laptop's hardware file is gone.
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
      desktop = { services.xserver.enable = true; };
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system {
        congenital-optimist = nixos.opens "congenital-optimist" [ ] // desktop;
        sleeper-service = nixos.opens "sleeper-service" [ 22 111 2049 9091 ];
        grey-area = nixos.opens "grey-area" [ 22 80 3000 8096 11434 ];
        reverse-proxy = nixos.opens "reverse-proxy" [ 22 80 443 2222 ];
        limiting-factor = nixos.opens "limiting-factor" [ 22 ];
        little-rascal = import ./machines/little-rascal/configuration.nix;
      };
    };
}
