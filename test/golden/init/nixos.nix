# Stands in for nixpkgs: systems of one derivation, with the options of NixOS that `fleet init` reads. `wrap` is what deploy-rs makes.
rec {
  system =
    name: config:
    let
      whole = {
        system.build.toplevel = derivation {
          name = "nixos-system-${whole.networking.hostName}-25.05";
          system = "x86_64-linux";
          builder = "/bin/sh";
        };
        networking = {
          hostName = name;
          firewall.allowedTCPPorts = [ 22 ];
        };
      }
      // config;
    in
    {
      config = whole;
      _module.args = config.arguments or { };
    };

  wrap = { config, ... }: derivation {
    name = "activatable-${config.system.build.toplevel.name}";
    system = "x86_64-linux";
    builder = "/bin/sh";
    base = config.system.build.toplevel;
  };

  opens = hostName: allowedTCPPorts: { networking = { inherit hostName; firewall = { inherit allowedTCPPorts; }; }; };
}
