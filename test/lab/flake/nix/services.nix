# What a service of hosts.json brings: packages, units, ports, files in /etc, users. A unit here is what NixOS' systemd.services holds.
{ packages, text }:
let
  # The played systemctl really listens on a service's first port, with a page that names the unit.
  listens =
    ports:
    if ports == [ ] then
      { }
    else
      {
        listens = builtins.head ports;
      };

  service =
    name: package: extra:
    {
      inherit package;
      units."${name}.service" = {
        description = extra.description or name;
        wantedBy = [ "multi-user.target" ];
        after = [ "network.target" ];
        service.ExecStart = "${package}/bin/${extra.program or package.pname} ${extra.arguments or "serve"}";
        service.Restart = "on-failure";
      }
      // listens (extra.tcpPorts or [ ])
      // (extra.unit or { });
    }
    // builtins.removeAttrs extra [
      "description"
      "program"
      "arguments"
      "unit"
    ];
in
{
  nginx =
    let
      configuration = settings: ''
        user nginx nginx;
        worker_processes auto;
        events { worker_connections 1024; }
        http {
          client_max_body_size ${settings.bodySize or "10m"};
          server { listen 80; server_name git.example.net; location / { proxy_pass http://grey-area:3000; } }
        }
      '';
    in
    service "nginx" packages.nginx {
      description = "Nginx Web Server";
      tcpPorts = [ 80 443 ];
      etc."nginx/nginx.conf" = configuration;
      arguments = "-c /etc/nginx/nginx.conf";
      triggers = [ "nginx/nginx.conf" ];
      unit.reloadIfChanged = true;
      user = { name = "nginx"; uid = 60; };
    };
  fail2ban = service "fail2ban" packages.fail2ban {
    description = "Fail2ban Service";
    etc."fail2ban/jail.local" = _: "[DEFAULT]\nbantime = 24h\nmaxretry = 3\n";
    triggers = [ "fail2ban/jail.local" ];
    unit.stopIfChanged = false;
  };
  tailscaled = service "tailscaled" packages.tailscale {
    description = "Tailscale node agent";
    udpPorts = [ 41641 ];
    unit.stopIfChanged = false;
  };
  forgejo = service "forgejo" packages.forgejo {
    description = "Forgejo (Beyond coding. We forge.)";
    tcpPorts = [ 3000 ];
    user = { name = "forgejo"; uid = 971; };
  };
  jellyfin = service "jellyfin" packages.jellyfin {
    description = "Jellyfin Media Server";
    tcpPorts = [ 8096 ];
    user = { name = "jellyfin"; uid = 972; };
  };
  ollama = service "ollama" packages.ollama {
    description = "Server for local large language models";
    tcpPorts = [ 11434 ];
  };
  open-webui = service "open-webui" packages.open-webui {
    description = "User-friendly WebUI for LLMs";
    tcpPorts = [ 8080 ];
  };
  nextcloud = service "nextcloud" packages.nextcloud {
    description = "Nextcloud";
    tcpPorts = [ 80 ];
    user = { name = "nextcloud"; uid = 973; };
  };
  nfs-server = service "nfs-server" packages.nfs-utils {
    description = "NFS server and services";
    tcpPorts = [ 2049 ];
    etc."exports" = _: "/mnt/storage 10.0.0.0/24(rw,no_subtree_check)\n";
    triggers = [ "exports" ];
    unit.restartIfChanged = false;
  };
  transmission = service "transmission" packages.transmission {
    description = "Transmission BitTorrent Service";
    program = "transmission";
    tcpPorts = [ 9091 51413 ];
    udpPorts = [ 51413 ];
    user = { name = "transmission"; uid = 70; };
  };
  zfs-mount = service "zfs-mount" packages.zfs {
    description = "Mount ZFS filesystems";
    arguments = "mount -a";
    unit.restartIfChanged = false;
  };
  display-manager = service "display-manager" packages.emacs {
    description = "Display Manager";
    unit.restartIfChanged = false;
  };
}
