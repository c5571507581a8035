# A laptop. Its hardware report was on the machine, and went with it.
{
  services = [ ];
  desktop = true;
  hardware = import ./little-rascal/hardware-configuration.nix;
}
