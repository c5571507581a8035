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
}`
