# The toplevel and what hangs on it: activation script, bootspec, switch inhibitors, users, and the links that make a system.
{
  derive,
  text,
  versions,
  kernelParams,
  label,
  linux,
  linuxModules,
  initrd,
  firmware,
  systemd,
  etc,
  path,
  users,
  groups,
  extraDependencies,
  firewallStart,
  inhibitors,
  broken,
  name,
  # The files behind the activation and the switch.
  scripts,
}:
let
  # What nixpkgs' switch-to-configuration is wrapped with. The played one has both built in, so these are for readers of the derivation.
  installBootLoader = derive.writeScript "install-systemd-boot.sh" "#!/bin/sh\nexit 0\n";
  preSwitchChecks = derive.writeScript "pre-switch-checks" "#!/bin/sh\nexit 0\n";

  usersGroups = derive.plain {
    name = "users-groups.json";
    text = builtins.toJSON {
      mutableUsers = true;
      inherit users groups;
    };
    passAsFile = [ "text" ];
    buildCommand = ''
      cp "$textPath" "$out"
    '';
  };

  # The same for the activation: name, uid (- for any) and home, a line each.
  accounts = derive.writeText "accounts" (
    text.concatMapLines (user: "${user.name} ${toString (user.uid or "-")} ${user.home}\n") users
  );

  bootspec = derive.writeText "boot.json" (
    builtins.toJSON {
      "org.nixos.bootspec.v1" = {
        initrd = "${initrd}/initrd";
        kernel = "${linux}/bzImage";
        inherit kernelParams;
        label = "NixOS ${label} (Linux ${versions.kernel})";
        system = "x86_64-linux";
      };
    }
  );

  switchInhibitors = derive.structured {
    name = "switch-inhibitors";
    value = inhibitors;
    buildCommand = ''
      printf '%s' ${text.quote (builtins.toJSON inhibitors)} > $out
    '';
  };

  # A snippet that fails is told of at the end, and the others run: that is how a real activation script works.
  activate = derive.plain {
    name = "activate";
    buildCommand = ''
      mkdir -p $out/bin
      cp ${
        derive.writeScript "activate" (
          builtins.replaceStrings
            [ "@etc@" "@users@" "@accounts@" "@firewall@" "@broken@" ]
            [
              "${etc}"
              "${usersGroups}"
              "${accounts}"
              "${firewallStart}"
              (toString broken)
            ]
            (builtins.readFile scripts.activate)
        )
      } $out/bin/activate
    '';
  };

  switchToConfiguration = derive.plain {
    name = "switch-to-configuration-ng-${versions.release}";
    pname = "switch-to-configuration-ng";
    version = versions.release;
    buildCommand = ''
      mkdir -p $out/bin $out/share
      cp ${derive.writeScript "switch-to-configuration" (builtins.readFile scripts.switch)} $out/bin/switch-to-configuration
      cp ${derive.writeText "unit-actions.awk" (builtins.readFile ../system/unit-actions.awk)} $out/share/unit-actions.awk
    '';
  };
in
derive.structured {
  name = "nixos-system-${name}-${label}";
  nixosLabel = label;
  configurationName = "";
  inherit kernelParams;
  systemd = "${systemd}";
  preferLocalBuild = true;
  allowSubstitutes = false;
  buildCommand =
    ''
      systemd=${systemd}
      nixosLabel=${text.argument label}
      kernelParams=${text.quote (text.words kernelParams)}
    ''
    + text.optionalText (broken == "build") ''
      echo "error: attribute or function missing in the module of ${name}" >&2
      exit 1
    ''
    + ''
      mkdir $out
      ln -s ${linux}/bzImage $out/kernel
      ln -s ${linuxModules} $out/kernel-modules
      echo -n "$kernelParams" > $out/kernel-params
      ln -s ${initrd}/initrd $out/initrd
      ln -s ${firmware}/lib/firmware $out/firmware
      cp ${activate}/bin/activate $out/activate
      sed -i "s|@out@|$out|g" $out/activate
      printf '#!/bin/sh\nexit 0\n' > $out/dry-activate
      printf '#!/bin/sh\nsystemConfig=%s\nexec "$systemd/lib/systemd/systemd" "$@"\n' "$out" > $out/init
      chmod +x $out/activate $out/dry-activate $out/init
      ln -s ${etc}/etc $out/etc
      ln -s ${path} $out/sw
      ln -s "$systemd" $out/systemd
      echo -n "systemd 2" > $out/init-interface-version
      echo -n "$nixosLabel" > $out/nixos-version
      echo -n "x86_64-linux" > $out/system
      ln -s ${switchInhibitors} $out/switch-inhibitors
      mkdir $out/bin
      sed -e "s|@out@|$out|g" -e "s|@self@|${switchToConfiguration}|g" ${switchToConfiguration}/bin/switch-to-configuration > $out/bin/switch-to-configuration
      chmod +x $out/bin/switch-to-configuration
      wrapProgram() { echo "$*" > $out/bin/.switch-to-configuration-environment; }
      wrapProgram $out/bin/switch-to-configuration \
        --set OUT $out \
        --set TOPLEVEL $out \
        --set INSTALL_BOOTLOADER ${installBootLoader} \
        --set PRE_SWITCH_CHECK ${preSwitchChecks} \
        --set SYSTEMD $systemd
      sed "s|}}$|},\"org.nixos.specialisation.v1\":{}}|" ${bootspec} > $out/boot.json
      echo -n "${text.words (map toString extraDependencies)}" > $out/extra-dependencies
    '';
}
