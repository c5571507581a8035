{
  # Names as people give them.
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
    in
    {
      nixosConfigurations = {
        web_1 = nixos.system "web-1" { };
        MacMini = nixos.system "MacMini" { };
        "Gate.Example.ORG" = nixos.system "gate" { };
        "_template" = nixos.system "template" { };
        "root@old" = nixos.system "old" { };
        cloud = nixos.system "cloud" { networking = { hostName = ""; firewall.allowedTCPPorts = [ ]; }; };
      };
    };
}
