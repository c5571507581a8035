# A mini NAS, almost empty.
{
  services = [ ];
}
