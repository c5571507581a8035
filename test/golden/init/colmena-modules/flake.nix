{
  # A hive of modules, as `colmena apply` takes it, beside the same hosts as nixosConfigurations.
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system { alpha = { }; beta = { }; gamma = { }; };
      colmena = {
        meta.nixpkgs = throw "this is the whole of nixpkgs";
        defaults = { pkgs, ... }: { environment.systemPackages = [ pkgs.vim ]; deployment.targetUser = "ops"; };
        alpha = { name, nodes, ... }: { deployment = { targetHost = "${name}.example.org"; tags = [ "web" ]; }; };
        beta = { pkgs, lib, config, ... }: { deployment.targetHost = "192.0.2.2"; deployment.targetPort = 2022; };
        gamma = ./gamma.nix;
        delta = { deployment.targetHost = "delta.example.org"; };
      };
    };
}
