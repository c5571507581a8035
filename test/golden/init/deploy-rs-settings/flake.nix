{
  # IP addresses, a login in the profile, doas, ports and jump hosts in sshOpts, a machine called localhost, a slow link.
  outputs =
    { self }:
    let
      nixos = import ./nixos.nix;
      system = name: { path = nixos.wrap self.nixosConfigurations.${name}; };
    in
    {
      nixosConfigurations = builtins.mapAttrs nixos.system {
        edge = nixos.opens "edge" [ 22 80 443 ];
        board = nixos.opens "board" [ 22 ];
        store = nixos.opens "store" [ 22 111 2049 ];
        desk = (nixos.opens "desk" [ ]) // { services.xserver.enable = true; };
        inner = nixos.opens "inner" [ 22 25 ];
      };
      deploy = {
        remoteBuild = false;
        sshOpts = [ "-p" "22022" ];
        nodes = {
          edge = {
            hostname = "203.0.113.10";
            activationTimeout = 600;
            confirmTimeout = 60;
            profiles.system = system "edge" // { sshUser = "sma"; user = "root"; sudo = "doas -u"; };
          };
          board = {
            hostname = "192.0.2.7";
            remoteBuild = true;
            sshOpts = [ "-o" "StrictHostKeyChecking=no" "-i" "/home/sma/.ssh/board" ];
            profiles.system = system "board" // { sshUser = "sma"; };
          };
          store = {
            hostname = "2001:db8::5";
            magicRollback = false;
            tempPath = "/var/tmp";
            profiles.system = system "store" // { sshUser = "sma"; };
          };
          desk = {
            hostname = "localhost";
            interactiveSudo = true;
            profiles.system = system "desk" // { sshUser = "anna"; };
          };
          inner = {
            hostname = "inner.lan";
            sshOpts = [ "-J" "edge.example.org" "-o" "ForwardAgent=yes" ];
            profiles.system = system "inner" // { sshUser = "sma"; };
          };
        };
      };
    };
}
