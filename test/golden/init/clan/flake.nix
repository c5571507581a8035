{
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system {
        jon = { };
        sara = { clan.core.networking.targetHost = "root@sara.example.org"; };
        berlin = { };
        spare = { };
      };
      darwinConfigurations.mac = { };
      clan.inventory.machines = {
        jon = { deploy.targetHost = "root@jon.example.org:2222"; tags = [ "all" "nixos" "backup" ]; };
        sara = { tags = [ "backup" "desktops" ]; };
        berlin = { deploy = { targetHost = "ssh://root@[2001:db8::9]:22"; buildHost = "root@builder.example.org"; }; };
        mac = { machineClass = "darwin"; };
        lost = { };
      };
    };
}
