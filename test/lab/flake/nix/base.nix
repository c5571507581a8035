# What every host has, whatever its services: base packages, units, files in /etc and users.
{
  name,
  host,
  packages,
  text,
  versions,
}:
{
  packages = map (package: packages.${package}) [
    "bash"
    "coreutils"
    "gnugrep"
    "curl"
    "openssh"
    "sudo"
    "shadow"
    "nix"
  ];

  units = {
    "sshd.service" = {
      description = "SSH Daemon";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      stopIfChanged = false;
      triggers = [ "ssh/sshd_config" ];
      environment.PATH = "${packages.openssh}/bin:${packages.coreutils}/bin";
      service.ExecStart = "${packages.openssh}/bin/openssh -D -f /etc/ssh/sshd_config";
      service.KillMode = "process";
      service.Restart = "always";
    };
    "dbus.service" = {
      description = "D-Bus System Message Bus";
      wantedBy = [ "multi-user.target" ];
      reloadIfChanged = true;
      service.ExecStart = "${packages.dbus}/bin/dbus --system";
    };
    "nix-daemon.service" = {
      description = "Nix Daemon";
      wantedBy = [ "multi-user.target" ];
      stopIfChanged = false;
      triggers = [ "nix/nix.conf" ];
      service.ExecStart = "${packages.nix}/bin/nix daemon";
    };
    "firewall.service" = {
      description = "Firewall";
      wantedBy = [ "multi-user.target" ];
      reloadIfChanged = true;
      service.Type = "oneshot";
      service.RemainAfterExit = "true";
    };
    "nix-gc.service" = {
      description = "Nix Garbage Collector";
      service.Type = "oneshot";
      service.ExecStart = "${packages.nix}/bin/nix gc --delete-older-than 30d";
    };
    "nix-gc.timer" = {
      description = "Timer of the Nix Garbage Collector";
      wantedBy = [ "timers.target" ];
      timer.OnCalendar = "weekly";
      timer.Persistent = "true";
    };
  };

  etc = {
    "hostname" = "${host.hostName or name}\n";
    "os-release" = ''
      ID=nixos
      NAME=NixOS
      PRETTY_NAME="NixOS ${versions.release} (Warbler)"
      VERSION_ID="${versions.release}"
      BUILD_ID="${versions.nixos}"
    '';
    "nix/nix.conf" = ''
      experimental-features = nix-command flakes
      trusted-users = root @wheel
      substituters =
      sandbox = false
      build-users-group =
    '';
    "ssh/sshd_config" = ''
      PermitRootLogin no
      PasswordAuthentication no
      AllowUsers sma
    '';
    "sudoers" = {
      source = ./sudoers;
      mode = "0440";
    };
    "mtab" = {
      source = "/proc/mounts";
      mode = "direct-symlink";
    };
    "motd" = "${host.motd or "Welcome to ${name}."}\n";
  }
  // (host.etc or { });

  users = {
    root = {
      uid = 0;
      isSystemUser = true;
      home = "/root";
    };
    sma = {
      uid = 1001;
      isNormalUser = true;
      home = "/home/sma";
      extraGroups = [ "wheel" ];
    };
  }
  // builtins.mapAttrs (user: extra: { isNormalUser = true; home = "/home/${user}"; } // extra) (host.users or { });
}
