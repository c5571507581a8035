import { describe, expect, it } from 'vitest'
import { isFirewall, openPorts } from '../../../src/model/host/firewall-rules.ts'

it('nftables rules without the table of NixOS are no firewall', () => {
  expect(isFirewall('table inet nixos-fw {\n tcp dport 22 accept\n}')).toBe(true)
  expect(isFirewall('ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept')).toBe(true)
  expect(isFirewall('table inet mine {\n tcp dport 22 accept\n}')).toBe(false)
})

describe('ports of a firewall', () => {
  it('are read from the iptables script, ranges and interfaces included', () => {
    const script = `
ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept
ip46tables -A nixos-fw -p udp --dport 60000:60010 -j nixos-fw-accept -i eth0
ip6tables -A nixos-fw -d fe80::/64 -p udp --dport 546 -j nixos-fw-accept
ip46tables -A nixos-fw -i lo -j nixos-fw-accept
ip46tables -A other -p tcp --dport 23 -j nixos-fw-accept
`
    expect([...openPorts(script)]).toEqual(['tcp/22', 'udp/60000-60010%eth0', 'udp/546'])
  })

  it('are read from the nftables rules', () => {
    const rules = `    tcp dport { 22, 80, 8000-8010 } accept\n    iifname "wg0" udp dport 53 accept\n    udp dport 99 drop`
    expect([...openPorts(rules)]).toEqual(['tcp/22', 'tcp/80', 'tcp/8000-8010', 'udp/53%wg0'])
  })
})
