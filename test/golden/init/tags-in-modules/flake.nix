{
  # The configurations import Colmena's deployment options, for their tags.
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system {
        web-1 = { deployment.tags = [ "web" "berlin" ]; };
        web-2 = { deployment.tags = [ "web" "has blank" ]; };
        db-1 = { deployment.tags = [ "berlin" ]; };
      };
    };
}
