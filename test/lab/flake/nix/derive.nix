# Derivations without nixpkgs: a static busybox builds everything. `plain` puts attributes into the environment, `structured`
# into __json, as nixpkgs does for the toplevel and system-path since 26.11.
{ system }:
let
  # A store path of its own, so that a change elsewhere in the flake does not rebuild the world.
  tools = builtins.path {
    path = ../bootstrap-tools;
    name = "bootstrap-tools";
  };
  prelude = outputs: ''
    export PATH=${tools}/bin
    umask 022
    ${builtins.concatStringsSep "\n" (map (output: "${output}=${builtins.placeholder output}") outputs)}
  '';
  arguments = outputs: command: [
    "sh"
    "-euc"
    (prelude outputs + command)
  ];
  common = name: {
    inherit name system;
    builder = "${tools}/bin/busybox";
    # Nobody else has these paths: without this, Nix asks its binary cache for each of them.
    allowSubstitutes = false;
    preferLocalBuild = true;
  };
in
rec {
  inherit tools;

  plain =
    {
      name,
      buildCommand,
      outputs ? [ "out" ],
      ...
    }@attributes:
    derivation (attributes // common name // { args = arguments outputs buildCommand; });

  structured =
    {
      name,
      buildCommand,
      outputs ? [ "out" ],
      ...
    }@attributes:
    derivation (
      attributes
      // common name
      // {
        inherit outputs;
        args = arguments outputs buildCommand;
        __structuredAttrs = true;
      }
    );

  # A single file whose whole text is in the derivation, as writeText of nixpkgs.
  writeText =
    name: text:
    plain {
      inherit name text;
      passAsFile = [ "text" ];
      buildCommand = ''
        cp "$textPath" "$out"
      '';
    };

  writeScript =
    name: text:
    plain {
      inherit name text;
      passAsFile = [ "text" ];
      buildCommand = ''
        cp "$textPath" "$out"
        chmod +x "$out"
      '';
    };
}
