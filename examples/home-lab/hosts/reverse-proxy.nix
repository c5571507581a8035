# The public edge: a small rented guest.
{
  services = [
    "nginx"
    "tailscaled"
  ];
}
