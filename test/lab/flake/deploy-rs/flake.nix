# What a fleet takes from the flake of deploy-rs, `lib.SYSTEM.activate.nixos`, shaped like the real one's (serokell/deploy-rs
# flake.nix): a wrapper around the toplevel with the two scripts that deploy-rs runs. The program `activate` is put here by
# the lab: a double, or the real one.
{
  description = "deploy-rs, as far as a fleet needs it";

  outputs =
    { self }:
    let
      system = "x86_64-linux";
      derive = import ../nix/derive.nix { inherit system; };

      deploy-rs = derive.plain {
        name = "deploy-rs-0.1.0";
        buildCommand = ''
          mkdir -p $out/bin
          cp ${./activate} $out/bin/activate
          chmod 755 $out/bin/activate
        '';
      };

      activateScript = derive.writeScript "activate-path" ''
        #!/bin/sh
        set -eu
        if [ "''${DRY_ACTIVATE:-}" = 1 ]; then
          $PROFILE/bin/switch-to-configuration dry-activate
        elif [ "''${BOOT:-}" = 1 ]; then
          $PROFILE/bin/switch-to-configuration boot
        else
          cd /tmp
          $PROFILE/bin/switch-to-configuration switch
        fi
      '';
      activateRs = derive.writeScript "activate-rs" ''
        #!/bin/sh
        exec ${deploy-rs}/bin/activate "$@"
      '';
    in
    {
      lib.${system}.activate.nixos =
        base:
        let
          inherit (base.config.system.build) toplevel;
        in
        derive.plain {
          name = "activatable-${toplevel.name}";
          buildCommand = ''
            mkdir $out
            for entry in ${toplevel}/*; do ln -s $entry $out/; done
            ln -s ${activateScript} $out/deploy-rs-activate
            ln -s ${activateRs} $out/activate-rs
          '';
        };
    };
}
