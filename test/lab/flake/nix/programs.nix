# The packages whose programs really run on a host: the played systemd, nixos-version, the kernel's links.
{
  derive,
  text,
  packages,
  versions,
}:
let
  upstreamTargets = [
    "basic.target"
    "sysinit.target"
    "multi-user.target"
    "network.target"
    "timers.target"
    "sockets.target"
    "graphical.target"
    "local-fs.target"
    "shutdown.target"
  ];
  script = name: file: ''
    cp ${derive.writeScript name (builtins.readFile file)} $out/bin/${name}
  '';
in
{
  inherit upstreamTargets;

  systemd = derive.plain {
    name = "systemd-${versions.systemd}";
    pname = "systemd";
    version = versions.systemd;
    interfaceVersion = "2";
    buildCommand = ''
      mkdir -p $out/bin $out/lib $out/example/systemd/system
      echo ${versions.systemd} > $out/lib/version
      ${script "systemctl" ../system/systemctl.sh}
      ${script "systemd-run" ../system/systemd-run.sh}
      ln -s systemctl $out/bin/reboot
      echo ${packages.glibc} ${packages.dbus.lib} > $out/lib/systemd.needs
      for target in ${text.words upstreamTargets}; do
        printf '[Unit]\nDescription=%s\n' "$target" > $out/example/systemd/system/$target
      done
    '';
  };

  linux = derive.plain {
    name = "linux-${versions.kernel}";
    pname = "linux";
    version = versions.kernel;
    outputs = [ "out" "modules" ];
    buildCommand = ''
      mkdir -p $out $modules/lib/modules/${versions.kernel}
      yes "bzImage ${versions.kernel}" | head -c 1500000 > $out/bzImage
      yes "modules ${versions.kernel}" | head -c 900000 > $modules/lib/modules/${versions.kernel}/modules.builtin
    '';
  };

  linuxModules =
    linux:
    derive.plain {
      name = "linux-${versions.kernel}-modules";
      buildCommand = ''
        mkdir -p $out/lib
        ln -s ${linux.modules}/lib/modules $out/lib/modules
      '';
    };

  initrd =
    linux:
    derive.plain {
      name = "initrd-linux-${versions.kernel}";
      buildCommand = ''
        mkdir -p $out
        yes "initrd ${linux.modules}" | head -c 400000 > $out/initrd
      '';
    };

  firmware = derive.plain {
    name = "firmware";
    buildCommand = ''
      mkdir -p $out/lib/firmware
      yes firmware | head -c 60000 > $out/lib/firmware/regulatory.db
    '';
  };

  nixosVersion =
    { label, release, revision }:
    derive.plain {
      name = "nixos-version";
      buildCommand = ''
        mkdir -p $out/bin
        cp ${
          derive.writeScript "nixos-version" (
            builtins.replaceStrings
              [ "@label@" "@release@" "@revision@" ]
              [ label release revision ]
              (builtins.readFile ../system/nixos-version.sh)
          )
        } $out/bin/nixos-version
      '';
    };

  systemPath =
    { paths }:
    derive.structured {
      name = "system-path";
      chosenOutputs = map (path: { paths = [ "${path}" ]; priority = 5; }) paths;
      pathsToLink = [ "/bin" "/share" ];
      buildCommand = ''
        mkdir -p $out/bin $out/share
        for path in ${text.words (map toString paths)}; do
          for program in $path/bin/*; do
            ln -sf $program $out/bin/
          done
        done
      '';
    };
}
