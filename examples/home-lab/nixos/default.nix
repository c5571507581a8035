# Stands in for nixpkgs and deploy-rs: what a plan reads of a system is here, nothing can be built, and no network is needed.
# A flake of yours has `nixpkgs.lib.nixosSystem` in the place of `system`, and `deploy-rs.lib.x86_64-linux.activate.nixos` in
# that of `activate`.
let
  platform = "x86_64-linux";
  versions = import ./versions.nix;
  make =
    attributes:
    derivation (
      {
        system = platform;
        builder = "/bin/sh";
        args = [ "-c" "echo this example is not built >&2; exit 1" ];
      }
      // attributes
    );
  package = pname: make { inherit pname; name = "${pname}-${versions.packages.${pname}}"; version = versions.packages.${pname}; };
  text = name: content: make { inherit name; text = content; };

  # What each service brings: its package, the ports that it opens, and its unit.
  services = {
    forgejo = { package = package "forgejo"; ports = [ 3000 ]; };
    jellyfin = { package = package "jellyfin"; ports = [ 8096 ]; };
    ollama = { package = package "ollama"; ports = [ 11434 ]; };
    nginx = { package = package "nginx"; ports = [ 80 443 ]; };
    nfs-server = { package = package "nfs-utils"; ports = [ 111 2049 ]; };
    tailscaled = { package = package "tailscale"; ports = [ ]; };
  };
in
{
  system =
    { name, host }:
    let
      chosen = map (service: services.${service}) host.services;
      packages = map package [ "openssl" "openssh" "curl" ] ++ map (service: service.package) chosen;
      ports = [ 22 ] ++ builtins.concatMap (service: service.ports) chosen;
      kernel = make { pname = "linux"; name = "linux-${versions.kernel}"; version = versions.kernel; };
      etc = make {
        name = "etc";
        buildCommand = builtins.concatStringsSep "\n" (
          map (file: "makeEtcEntry ${text "etc-${file}" etcTexts.${file}} ${file} symlink +0 +0") (builtins.attrNames etcTexts)
        );
      };
      etcTexts = {
        hostname = "${name}\n";
        motd = "${host.motd or "Welcome to ${name}."}\n";
      };
      path = make { name = "system-path"; chosenOutputs = map (one: "${one}") packages; };
      toplevel = make {
        name = "nixos-system-${name}-${versions.release}";
        # A laptop that lacks its hardware report has no system.
        hardware = builtins.toJSON (host.hardware or { });
        nixosLabel = versions.release;
        buildCommand = ''
          ln -s ${kernel}/bzImage $out/kernel
          ln -s ${kernel}-modules $out/kernel-modules
          ln -s ${etc}/etc $out/etc
          ln -s ${path} $out/sw
        '';
      };
    in
    {
      config = {
        system = {
          build = { inherit toplevel; };
          nixos.label = versions.release;
        };
        networking = {
          hostName = builtins.seq (host.hardware or null) name;
          firewall = {
            enable = true;
            allowedTCPPorts = ports;
            allowedTCPPortRanges = [ ];
            allowedUDPPorts = [ ];
            allowedUDPPortRanges = [ ];
          };
        };
        services.xserver.enable = host.desktop or false;
        boot.kernelPackages.kernel = kernel;
        boot.kernelParams = [ "loglevel=4" ];
        environment.systemPackages = packages;
        environment.etc = builtins.mapAttrs (target: _: { inherit target; }) etcTexts;
        users.users = { root = { }; sma = { }; };
      };
    };

  # As deploy-rs's own: a wrapper around the system of a configuration.
  activate =
    { config, ... }:
    make {
      name = "activatable-${config.system.build.toplevel.name}";
      base = config.system.build.toplevel;
    };
}
