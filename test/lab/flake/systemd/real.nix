# What differs on a host with a real systemd: Debian's programs behind the packages' names, units that really run, files in /etc
# that are really read. Everything else is as on the other hosts.
{
  derive,
  text,
  name,
  host,
  versions,
}:
let
  # The units of the base tree's systemd, which the lab puts beside the flake.
  upstream = builtins.path {
    path = ../upstream-units;
    name = "systemd-units";
  };
  own = import ./upstream-units.nix;
  sshPort = host.sshPort or 22;
  braces = ports: text.commas (map toString ports);
in
rec {
  # Programs of packages that are more than a name; any other stays running when a unit starts it.
  programOf =
    pname: version:
    "exec ${
      {
        bash = "/bin/bash";
        openssh = "/usr/sbin/sshd";
        nix = "/usr/bin/nix";
        curl = "/usr/bin/curl";
      }
      .${pname} or "/lab/bin/program ${pname} ${version}"
    } \"$@\"";

  upstreamUnits = own.units;

  moreLinks =
    text.mapAttributes (name: target: { inherit name target; }) own.aliases
    ++ builtins.concatLists (
      text.mapAttributes (target: wanted: map (unit: { name = "${target}.wants/${unit}"; target = "../${unit}"; }) wanted) own.wants
    );

  systemd = derive.plain {
    name = "systemd-${versions.systemd}";
    pname = "systemd";
    version = versions.systemd;
    interfaceVersion = "2";
    buildCommand = ''
      mkdir -p $out/bin $out/lib/systemd $out/example/systemd
      echo ${versions.systemd} > $out/lib/version
      cp -r ${upstream} $out/example/systemd/system
      for program in systemctl systemd-run journalctl loginctl networkctl systemd-tmpfiles; do
        ln -s /usr/bin/$program $out/bin/$program
      done
      ln -s /usr/sbin/reboot $out/bin/reboot
      ln -s /usr/lib/systemd/systemd $out/lib/systemd/systemd
    '';
  };

  rules =
    tcpPorts: udpPorts:
    derive.writeText "nftables-rules" ''
      table inet nixos-fw
      delete table inet nixos-fw
      table inet nixos-fw {
        chain input {
          type filter hook input priority filter; policy drop;
          iifname "lo" accept
          ct state established,related accept
          meta l4proto { 1, 58 } accept
          ${text.optionalText (tcpPorts != [ ]) "tcp dport { ${braces tcpPorts} } accept"}
          ${text.optionalText (udpPorts != [ ]) "udp dport { ${braces udpPorts} } accept"}
        }
      }
    '';

  # base: the units of every host.
  units =
    base: rules:
    builtins.removeAttrs base [ "firewall.service" "nix-gc.service" "nix-gc.timer" ]
    // {
      "sshd.service" = base."sshd.service" // {
        service = base."sshd.service".service // {
          Type = "notify";
          RuntimeDirectory = "sshd";
          RuntimeDirectoryPreserve = "yes";
        };
      };
      # A drop-in of the upstream unit.
      "dbus.service" = {
        description = "D-Bus System Message Bus";
        reloadIfChanged = true;
        environment.DBUS_LAB = versions.packages.dbus;
        service = { };
      };
      "systemd-networkd.service" = {
        description = "Network Configuration";
        wantedBy = [ "multi-user.target" ];
        reloadIfChanged = true;
        reloadTriggers = [ "${derive.writeText "etc-10-eth0.network" network."systemd/network/10-eth0.network"}" ];
        service = { };
      };
      "nftables.service" = {
        description = "nftables firewall";
        wantedBy = [ "sysinit.target" ];
        before = [ "network-pre.target" ];
        reloadIfChanged = true;
        unit.DefaultDependencies = "no";
        service = {
          Type = "oneshot";
          RemainAfterExit = "true";
          ExecStart = "/usr/sbin/nft -f ${rules}";
          ExecReload = "/usr/sbin/nft -f ${rules}";
          ExecStop = "/usr/sbin/nft flush ruleset";
        };
      };
      # Never stays active, so every switch starts it again.
      "linger-users.service" = {
        description = "Enable lingering of users";
        wantedBy = [ "multi-user.target" ];
        after = [ "systemd-logind.service" ];
        service = {
          Type = "oneshot";
          ExecStart = "/lab/bin/linger ${text.words (host.linger or [ ])}";
        };
      };
      "sysinit-reactivation.target" = {
        description = "Reactivate sysinit units";
      };
      "systemd-tmpfiles-resetup.service" = {
        description = "Set up temporary files again on a system that runs";
        requiredBy = [ "sysinit-reactivation.target" ];
        after = [ "local-fs.target" "sysinit-reactivation.target" ];
        before = [ "shutdown.target" ];
        triggers = [ "tmpfiles.d/lab.conf" ];
        unit = {
          Conflicts = "shutdown.target";
          DefaultDependencies = "no";
        };
        service = {
          Type = "oneshot";
          RemainAfterExit = "true";
          ExecStart = "/usr/bin/systemd-tmpfiles --create --remove --exclude-prefix=/dev";
        };
      };
    };

  # A service that is reloaded has to say how, to a real systemd.
  serviceUnit =
    unit:
    if unit.reloadIfChanged or false then
      unit // { service = { ExecReload = "/usr/bin/kill -HUP $MAINPID"; } // unit.service; }
    else
      unit;

  network = {
    "systemd/network/10-eth0.network" = ''
      [Match]
      Name=eth0

      [Network]
      Address=${host.networkAddress or host.address}/24
      LinkLocalAddressing=no
    '';
  };

  etc = network // {
    "fstab" = text.concatMapLines (mount: "${text.words mount}\n") (host.fstab or [ ]);
    "tmpfiles.d/lab.conf" = "d /var/lib/lab 0755 root root -\n";
    "systemd/system.conf" = "[Manager]\nDefaultTimeoutStopSec=10s\n${host.systemConf or ""}";
    "systemd/journald.conf" = "[Journal]\nStorage=persistent\nSystemMaxUse=8M\n${host.journaldConf or ""}";
    "systemd/logind.conf" = "[Login]\n${host.logindConf or ""}";
    "systemd/networkd.conf" = "[Network]\n";
    "ssh/sshd_config" = ''
      Port ${toString sshPort}
      HostKey /etc/ssh/ssh_host_ed25519_key
      PermitRootLogin no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      UsePAM yes
      AllowUsers sma
      AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u
      MaxStartups 200
      MaxSessions 50
      UseDNS no
      PrintMotd no
      Subsystem sftp /usr/lib/openssh/sftp-server
      SetEnv PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin
      ${host.sshdConfig or ""}
    '';
    "sudoers" = {
      source = ./sudoers;
      mode = "0440";
    };
  };

  inherit sshPort;

  scripts = {
    activate = ./activate.sh;
    switch = ./switch-to-configuration.sh;
  };
}
