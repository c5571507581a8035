{
  # The hive is made from nixosConfigurations: the same systems under another name, with what Colmena needs beside them.
  outputs =
    { self }:
    let
      nixos = import ./nixos.nix;
      deployment = targetHost: tags: {
        inherit targetHost tags;
        targetPort = null;
        targetUser = "root";
        allowLocalDeployment = false;
        buildOnTarget = false;
        keys = { };
        privilegeEscalationCommand = [ "sudo" "-H" "--" ];
        sshOptions = [ ];
      };
      with' = name: deployment: nixos.system name { inherit deployment; };
    in
    {
      nixosConfigurations = {
        web-1 = nixos.system "web-1" { };
        web-2 = nixos.system "web-2" { };
        db = nixos.system "db" { };
        iso = nixos.system "iso" { isoImage.volumeID = "rescue"; };
      };
      colmenaHive.nodes = {
        web-1 = with' "web-1" (deployment "web-1.example.org" [ "web" ]);
        web-2 = with' "web-2" (deployment "web-2.example.org" [ "web" "canary" ]);
        db = with' "db" (deployment "db.example.org" [ ]);
      };
    };
}
