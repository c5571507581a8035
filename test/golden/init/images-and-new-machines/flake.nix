{
  # Installer images, and machines that nixos-anywhere installs: one of them has no hardware report yet.
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system {
        installer-iso = { isoImage.volumeID = "nixos"; };
        installer-netboot = { system.nixos.variant_id = "installer"; system.build.netbootRamdisk = { }; };
        hetzner-cloud = { disko.devices.disk.main = { }; };
        vultr = { disko.devices.disk.main = { }; };
        generic = throw "Have you forgotten to run nixos-anywhere with `--generate-hardware-config nixos-facter ./facter.json`?";
      };
    };
}
