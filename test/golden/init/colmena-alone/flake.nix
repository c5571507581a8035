{
  # A hive and nothing else; what its hosts are is said in their modules.
  outputs =
    _:
    let
      nixos = import ./nixos.nix;
      node = name: deployment: nixos.system name {
        deployment = {
          targetHost = name;
          targetPort = null;
          targetUser = "root";
          tags = [ ];
          allowLocalDeployment = false;
          buildOnTarget = false;
          keys = { };
          privilegeEscalationCommand = [ "sudo" "-H" "--" ];
          sshOptions = [ ];
        }
        // deployment;
      };
    in
    {
      colmenaHive.nodes = builtins.mapAttrs node {
        router = { targetHost = "2001:db8::1"; targetPort = 2222; tags = [ "edge" "ipv6" ]; };
        pi = { targetHost = "pi.lan"; buildOnTarget = true; tags = [ "edge" ]; };
        vault = {
          targetHost = "vault.lan";
          targetUser = "ops";
          privilegeEscalationCommand = [ "doas" ];
          keys = { "vault.key" = { }; "tls.pem" = { }; };
          sshOptions = [ "-o" "StrictHostKeyChecking=no" ];
        };
        laptop = { targetHost = null; allowLocalDeployment = true; tags = [ "desktops" ]; };
        tablet = { targetHost = null; };
        broken = throw "the option `services.nixx' does not exist";
      };
    };
}
