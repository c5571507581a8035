# What would be the nixpkgs input: the versions of everything.
{
  release = "25.05.20251101.a1b2c3d";
  kernel = "6.12.58";
  systemd = "257.9";
  packages = {
    openssl = "3.4.3";
    openssh = "10.2p1";
    curl = "8.16.0";
    nginx = "1.28.0";
    forgejo = "11.0.7";
    jellyfin = "10.10.7";
    ollama = "0.11.10";
    tailscale = "1.86.2";
    nfs-utils = "2.8.3";
  };
}
