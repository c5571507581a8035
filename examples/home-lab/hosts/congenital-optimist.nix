# The workstation, where fleet usually runs.
{
  services = [ ];
  desktop = true;
}
