/**
 * True for the start script of NixOS' firewall, or for nftables rules that hold its table: with nftables on and the firewall off,
 * there are rules and no firewall.
 */
export function isFirewall(text: string): boolean {
  return text.includes('nixos-fw')
}

/**
 * Ports that the start script of NixOS' firewall opens: iptables rules of the chain nixos-fw
 * (nixpkgs nixos/modules/services/networking/firewall-iptables.nix), or the `tcp dport { … } accept` lines of its nftables table.
 */
export function openPorts(script: string): ReadonlySet<string> {
  const ports = new Set<string>()
  for (const line of script.split('\n')) {
    for (const port of [...iptablesPorts(line), ...nftablesPorts(line)]) ports.add(port)
  }
  return ports
}

function iptablesPorts(line: string): readonly string[] {
  // The interface, where there is one, stands behind the target.
  const [, arguments_] = /^\s*ip(?:46|6)?tables\s+-A\s+nixos-fw\s(.*)$/.exec(line) ?? []
  if (arguments_ === undefined || !/-j\s+nixos-fw-accept\b/.test(arguments_)) return []
  const [, protocol] = /-p\s+(tcp|udp)\b/.exec(arguments_) ?? []
  const [, port] = /--dport\s+(\d+(?::\d+)?)/.exec(arguments_) ?? []
  if (protocol === undefined || port === undefined) return []
  const [, device] = /-i\s+'?([\w.+@-]+)/.exec(arguments_) ?? []
  return [`${protocol}/${port.replace(':', '-')}${device === undefined ? '' : `%${device}`}`]
}

function nftablesPorts(line: string): readonly string[] {
  const [, before = '', protocol, list] = /^(.*)\b(tcp|udp) dport \{?([\d\s,-]+)\}? accept/.exec(line) ?? []
  if (protocol === undefined || list === undefined) return []
  const [, device] = /iifname "?([\w.+@-]+)/.exec(before) ?? []
  const words = list.split(',').map((word) => word.trim())
  return words
    .filter((word) => word !== '')
    .map((word) => `${protocol}/${word}${device === undefined ? '' : `%${device}`}`)
}
