/**
 * Applied to a NixOS configuration by `nix eval --apply`: the toplevel and the facts that cost nothing more. What the
 * configuration does not say is null, never an empty list: that would read as if all had been removed.
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
  # The words of a package's path after its hash, where it has no name of its own; null: it is no package at all.
  nameOf = p: p.name or (
    if builtins.isString p || builtins.isPath p
    then builtins.substring 33 (builtins.stringLength (toString p)) (plain (baseNameOf (toString p)))
    else null);
  known = value: let tried = builtins.tryEval (builtins.deepSeq value value); in if tried.success then tried.value else null;
in {
  drv = plain toplevel.drvPath;
  out = plain toplevel.outPath;
  platform = plain toplevel.system;
  hostname = known (config.networking.hostName or null);
  release = known (config.system.nixos.label or config.system.nixos.version or null);
  kernelVersion = known (config.boot.kernelPackages.kernel.version or null);
  kernelParams = known (config.boot.kernelParams or null);
  packages =
    if config ? environment.systemPackages
    then known (map (p: let name = nameOf p; in if name == null then null else plain name) config.environment.systemPackages)
    else null;
  warnings = if config ? warnings then known config.warnings else null;
  facts = {
    firewall =
      if config ? networking.firewall
        && builtins.all (name: firewall ? \${name})
          [ "enable" "allowedTCPPorts" "allowedTCPPortRanges" "allowedUDPPorts" "allowedUDPPortRanges" ]
      then known {
        enabled = firewall.enable;
        tcp = ports firewall.allowedTCPPorts firewall.allowedTCPPortRanges;
        udp = ports firewall.allowedUDPPorts firewall.allowedUDPPortRanges;
      } else null;
    users = if config ? users.users then known (enabled config.users.users) else null;
    # Its services alone would read as if all timers and sockets had been removed.
    units = if config ? systemd.units then known (enabled systemd.units) else null;
    etc =
      if config ? environment.etc
      then known (map (name: config.environment.etc.\${name}.target or name) (enabled config.environment.etc))
      else null;
  };
}`
