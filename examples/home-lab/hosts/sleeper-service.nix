# Storage: the NFS exports that others mount.
{
  services = [ "nfs-server" ];
}
