{ name, ... }:
{
  deployment.targetHost = "${name}.example.org";
}
