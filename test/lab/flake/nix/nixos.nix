# A host of hosts.json as a NixOS configuration: `config`, `pkgs` and the toplevel where everybody looks for them.
{
  name,
  host,
  versions,
}:
let
  system = "x86_64-linux";
  text = import ./text.nix;
  derive = import ./derive.nix { inherit system; };
  broken = host.broken or null;

  effective = versions // {
    kernel = host.kernel or versions.kernel;
    nixos = host.nixos or versions.nixos;
    packages = versions.packages // (host.packages or { });
  };
  # What a host with a real systemd has in the place of the played one.
  real = import ../systemd/real.nix {
    inherit
      derive
      text
      name
      host
      ;
    versions = effective;
  };
  isReal = (host.init or "played") == "systemd";
  packages = import ./packages.nix (
    {
      inherit derive text;
      versions = effective;
    }
    // (if isReal then { inherit (real) programOf; } else { })
  );
  programs =
    import ./programs.nix {
      inherit derive text packages;
      versions = effective;
    }
    // (if isReal then { inherit (real) systemd; } else { });
  base = import ./base.nix {
    inherit
      name
      host
      packages
      text
      ;
    versions = effective;
  };
  catalogue = import ./services.nix { inherit packages text; };
  services = map (
    service:
    catalogue.${service}
      or (throw "The option `services.${service}' does not exist. Definition values:\n- In `hosts.json': true")
  ) host.services;

  merge = builtins.foldl' (all: one: all // one) { };
  inherit (builtins) concatMap;

  etcTexts = merge (
    map (service: builtins.mapAttrs (_: make: make (host.settings or { })) (service.etc or { })) services
  );
  etcPlain = base.etc // (if isReal then real.etc else { }) // etcTexts // (if isReal then host.etc or { } else { });

  # A unit restarts when a file of /etc that it names as a trigger changes.
  triggersOf =
    name: unit:
    derive.writeText "X-Restart-Triggers-${text.storeName name}" (
      text.lines (map (target: "${derive.writeText (text.storeName "etc-${baseNameOf target}") etcPlain.${target}}") unit.triggers)
    );
  environmentOf = name: (host.environment or { }).${name} or { };
  finish =
    unitName: unit:
    let
      stem = builtins.head (builtins.split "\\.[a-z]+$" unitName);
    in
    unit
    // (if unit ? triggers then { triggers = [ "${triggersOf stem unit}" ]; } else { })
    // (
      let
        environment = (unit.environment or { }) // environmentOf stem;
      in
      if environment != { } then { inherit environment; } else { }
    );
  serviceUnits = merge (
    map (
      service:
      builtins.mapAttrs (
        _: unit:
        (if isReal then real.serviceUnit unit else unit)
        // (if service ? triggers then { inherit (service) triggers; } else { })
      ) service.units
    ) services
  );
  brokenUnit =
    if broken == "unit" then
      {
        "lab-broken.service" = {
          description = "A unit that fails whenever it starts";
          wantedBy = [ "multi-user.target" ];
          service.ExecStart = "/run/current-system/sw/bin/false";
          service.X-Lab-Fails = "true";
        };
      }
    else
      { };
  baseUnits = if isReal then real.units base.units firewallStart else base.units;
  units = builtins.mapAttrs finish (baseUnits // serviceUnits // (host.units or { }) // brokenUnit);

  ports = attribute: builtins.sort builtins.lessThan (unique (concatMap (service: service.${attribute} or [ ]) services ++ (host.${attribute} or [ ])));
  unique = list: builtins.attrValues (builtins.listToAttrs (map (value: { name = toString value; inherit value; }) list));
  tcpPorts = ports "tcpPorts";
  udpPorts = ports "udpPorts";
  openTcp = [ (if isReal then real.sshPort else 22) ] ++ tcpPorts;
  firewallStart = if isReal then real.rules openTcp udpPorts else derive.writeText "firewall-start" (
    "#! ${packages.bash}/bin/bash -e\n"
    + text.concatMapLines (port: "ip46tables -A nixos-fw -p tcp --dport ${toString port} -j nixos-fw-accept\n") openTcp
    + text.concatMapLines (port: "ip46tables -A nixos-fw -p udp --dport ${toString port} -j nixos-fw-accept\n") udpPorts
  );

  serviceUsers = builtins.listToAttrs (
    concatMap (
      service:
      text.optional (service ? user) {
        inherit (service.user) name;
        value = {
          inherit (service.user) uid;
          isSystemUser = true;
          home = "/var/lib/${service.user.name}";
        };
      }
    ) services
  );
  users = base.users // serviceUsers;

  linux = programs.linux;
  linuxModules = programs.linuxModules linux;
  initrd = programs.initrd linux;
  kernelParams = [ "loglevel=4" ] ++ (host.kernelParams or [ ]);
  label = effective.nixos;

  servicePackages = map (service: service.package) services;
  selected = base.packages ++ servicePackages ++ map (package: packages.${package}) (host.install or [ ]);
  systemPackages = selected ++ [
    programs.systemd
    (programs.nixosVersion {
      inherit label;
      inherit (effective) release;
      revision = host.configurationRevision or "";
    })
  ];
  # What goes into sw: the output that holds the programs, as environment.systemPackages' outputsToInstall.
  path = programs.systemPath { paths = map (package: package.bin or package) systemPackages; };

  inherit (import ./units.nix { inherit derive text; }) systemUnits;
  userUnits = systemUnits {
    inherit (programs) systemd;
    upstream = [ ];
    units = builtins.mapAttrs finish host.userUnits;
  };

  etc = import ./etc.nix { inherit derive text; } (
    etcPlain
    // {
      "systemd/system".source = systemUnits {
        inherit (programs) systemd;
        inherit units;
        upstream = if isReal then real.upstreamUnits else programs.upstreamTargets;
        moreLinks = if isReal then real.moreLinks else [ ];
      };
    }
    // (if host ? userUnits then { "systemd/user".source = userUnits; } else { })
  );

  toplevel = import ./toplevel.nix {
    inherit
      derive
      text
      kernelParams
      label
      linux
      linuxModules
      initrd
      etc
      path
      firewallStart
      broken
      name
      ;
    versions = effective;
    inherit (programs) firmware systemd;
    scripts =
      if isReal then
        real.scripts
      else
        {
          activate = ../system/activate.sh;
          switch = ../system/switch-to-configuration.sh;
        };
    inhibitors = host.inhibitors or { dbus-implementation = "broker"; };
    extraDependencies = [ ];
    users = text.mapAttributes (user: value: { name = user; shell = "/run/current-system/sw/bin/bash"; } // value) users;
    groups = [ { name = "wheel"; gid = 1; members = [ "sma" ]; } ];
  };
in
if broken == "evaluation" then
  # As NixOS does for a configuration whose file was deleted from the repository.
  import (./. + "/../machines/${name}/configuration.nix")
else
  {
    options = { };
    pkgs = packages // {
      stdenv.hostPlatform.system = system;
    };
    config = {
      networking = {
        hostName = host.hostName or name;
        firewall = {
          enable = true;
          allowedTCPPorts = openTcp;
          allowedUDPPorts = udpPorts;
        };
      };
      nixpkgs.hostPlatform = { inherit system; };
      boot = {
        kernelPackages.kernel = linux;
        inherit kernelParams;
      };
      users = {
        inherit users;
        groups.wheel.members = [ "sma" ];
      };
      systemd.services = builtins.listToAttrs (
        concatMap (
          unit:
          let
            parts = builtins.match "(.*)\\.service" unit;
          in
          text.optional (parts != null) {
            name = builtins.head parts;
            value = units.${unit} // {
              enable = true;
            };
          }
        ) (builtins.attrNames units)
      );
      environment = {
        etc = builtins.mapAttrs (target: _: { enable = true; inherit target; }) etcPlain;
        systemPackages = systemPackages;
      };
      services.openssh.enable = true;
      warnings = host.warnings or [ ];
      assertions = [ ];
      system = {
        build = {
          inherit toplevel etc;
        };
        name = host.hostName or name;
        configurationRevision = host.configurationRevision or null;
        nixos = {
          inherit label;
          inherit (effective) release;
          version = effective.nixos;
        };
        stateVersion = effective.release;
      };
    };
  }
