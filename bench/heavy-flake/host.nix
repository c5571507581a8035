# One host, worked out as the module system does it: `weight` modules define the same options, definitions are gathered option
# by option, and everything stays as long as the configuration does; then units, and a toplevel that refers to all of them.
{ name, weight }:
let
  inherit (builtins)
    attrValues
    genList
    hashString
    listToAttrs
    mapAttrs
    toJSON
    toString
    ;
  derive =
    name: text:
    derivation {
      inherit name text;
      system = "x86_64-linux";
      builder = "/bin/sh";
    };
  module =
    m:
    listToAttrs (
      genList (o: {
        name = "option-${toString o}";
        value = {
          value = "${name}-${toString m}-${toString o}";
          priority = 100;
          file = "modules/${toString m}.nix";
        };
      }) 1000
    );
  modules = genList module weight;
  options = mapAttrs (option: _: map (one: one.${option}) modules) (builtins.head modules);
  # Option by option: what is forced in one go is kept in memory beside the heap.
  digest = toJSON (attrValues (mapAttrs (_: definitions: builtins.deepSeq definitions (builtins.head definitions)) options));
  units = genList (u: derive "unit-${toString u}.service" "${name} ${toString u} ${hashString "sha256" digest}") 10;
  toplevel = derive "nixos-system-${name}-25.05" (toString units);
in
{
  config = {
    system.build = { inherit toplevel; };
    system.nixos.label = "25.05";
    inherit options;
  };
}
