# Applications, and the git server that this repository would come from.
{
  services = [
    "forgejo"
    "jellyfin"
    "ollama"
  ];
}
