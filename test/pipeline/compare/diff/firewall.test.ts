import { expect, it } from 'vitest'
import { built } from '../../../../src/model/host/nixos-system.ts'
import { compareFirewall } from '../../../../src/pipeline/compare/diff/firewall.ts'

const on = (...ports: readonly string[]) => built({ enabled: true, ports: new Set(ports) })
const off = built({ enabled: false, ports: new Set<string>() })

it('a firewall that is switched off closes nothing', () => {
  expect(compareFirewall(on('tcp/22', 'udp/546'), off)).toEqual({ opened: [], closed: [], enabled: false })
  expect(compareFirewall(off, off)).toEqual({ opened: [], closed: [], enabled: null })
})

it('one that is switched on opens what it lets through', () => {
  expect(compareFirewall(off, on('tcp/22'))).toEqual({ opened: ['tcp/22'], closed: [], enabled: true })
})

it('ports of one that stays on open and close', () => {
  expect(compareFirewall(on('tcp/22', 'tcp/80'), on('tcp/22', 'tcp/443'))).toEqual({
    opened: ['tcp/443'],
    closed: ['tcp/80'],
    enabled: null,
  })
})
