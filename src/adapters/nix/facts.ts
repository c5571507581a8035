/**
 * Applied to a NixOS configuration by `nix eval --apply`: the toplevel and the facts that cost nothing more.
 * No key may be called `outPath` (the set would serialise to that string), and string contexts are dropped,
 * so that nothing is built.
 */
export const factsOf = `c:
let
  plain = builtins.unsafeDiscardStringContext;
  config = c.config;
  toplevel = config.system.build.toplevel;
  enabled = set: builtins.filter (name: set.\${name}.enable or true) (builtins.attrNames set);
  # A range of one port is that port.
  ports = single: ranges:
    map toString single
    ++ map (r: if r.from == r.to then toString r.from else "\${toString r.from}-\${toString r.to}") ranges;
  firewall = config.networking.firewall;
  systemd = config.systemd;
  known = value: let tried = builtins.tryEval (builtins.deepSeq value value); in if tried.success then tried.value else null;
in {
  drv = plain toplevel.drvPath;
  out = plain toplevel.outPath;
  platform = plain toplevel.system;
  release = known (config.system.nixos.label or config.system.nixos.version or null);
  kernelVersion = known (config.boot.kernelPackages.kernel.version or null);
  kernelParams = known (config.boot.kernelParams or null);
  packages = known (map (p: plain (p.name or "")) (config.environment.systemPackages or [ ]));
  warnings = known (config.warnings or [ ]);
  facts = {
    firewall = if config ? networking.firewall then known {
      enabled = firewall.enable or false;
      tcp = ports (firewall.allowedTCPPorts or [ ]) (firewall.allowedTCPPortRanges or [ ]);
      udp = ports (firewall.allowedUDPPorts or [ ]) (firewall.allowedUDPPortRanges or [ ]);
    } else null;
    users = if config ? users.users then known (enabled config.users.users) else null;
    units =
      if config ? systemd.units then known (enabled systemd.units)
      else if config ? systemd.services then known (map (name: name + ".service") (enabled systemd.services))
      else null;
    etc =
      if config ? environment.etc
      then known (map (name: config.environment.etc.\${name}.target or name) (enabled config.environment.etc))
      else null;
  };
}`
