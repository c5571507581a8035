{
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system {
        near = { arguments.nixinate = { host = "near.example.org"; sshUser = "matthew"; buildOn = "local"; }; };
        far = { arguments.nixinate = { host = "far.example.org"; sshUser = "matthew"; buildOn = "remote"; substituteOnTarget = false; }; };
        plain = { arguments.nixinate = { host = "192.0.2.9"; }; };
        other = { };
      };
    };
}
