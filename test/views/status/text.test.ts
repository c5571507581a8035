import { describe, expect, it } from 'vitest'
import type { HostStatus, Status } from '../../../src/model/host/status-schema.ts'
import { statusText } from '../../../src/views/status/text.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { answered, sampleStatus } from '../../rig/samples/status.ts'
import { checked } from '../../rig/files/schema.ts'

const plain = { color: false, width: 80, verbose: false }

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length))
}

/** The fleet of the contract on a bad day. */
function badDay(): Status {
  return sampleStatus(
    [
      ['canary', ['limiting-factor']],
      ['servers', ['sleeper-service', 'grey-area', 'reverse-proxy']],
    ],
    {
      'limiting-factor': answered({ generation: 41 }),
      'sleeper-service': answered({ release: '25.05.20250820.0f1e2d3', generation: 190 }, { rebootPending: true }),
      'grey-area': answered(
        { generation: 214, failedUnits: ['forgejo.service'], systemState: 'degraded' },
        {
          drifted: true,
          notes: [
            {
              code: 'drift/unrecorded',
              severity: 'warning',
              summary: 'runs a system that fleet has no record of deploying',
              detail: 'It was deployed without fleet, or from another machine; the plan would replace it.',
            },
          ],
        },
      ),
      'reverse-proxy': {
        reach: 'unreachable',
        wave: 'servers',
        note: 'console: the VPS panel',
        lastRun: null,
        failure: { code: 'ssh/no-answer', summary: 'no answer', detail: 'ssh to it: No route to host' },
      },
      'little-rascal': { reach: 'disabled', note: 'the laptop is in repair' },
    },
  )
}

describe('the status of a fleet', () => {
  it('says what is amiss first, shows each wave, and fits 80 columns', () => {
    const text = statusText(checked('status', badDay()), plain)
    expectGolden('views/status/status.txt', text)
    expect(widest(text)).toBeLessThanOrEqual(80)
  })

  it('leaves out columns before it cuts what they say', async () => {
    const text = statusText(badDay(), { ...plain, width: 60 })
    expect(widest(text)).toBeLessThanOrEqual(60)
    expect(text).toContain('sleeper-service')
    expect(text).not.toContain('LAST RUN')
    expect(text).toContain('RUNNING')
  })

  it('tells all that a host said when verbose', () => {
    expectGolden('views/status/status-verbose.txt', statusText(badDay(), { ...plain, verbose: true }))
  })

  it('makes one row of many hosts that say the same, whatever their generation and time', () => {
    const names = Array.from({ length: 40 }, (_, index) => `web-${index}`)
    const hosts = Object.fromEntries(
      names.map((name, index): [string, HostStatus] => [
        name,
        answered({ generation: index, uptimeSeconds: index * 60 }),
      ]),
    )
    const text = statusText(sampleStatus([['all', names]], hosts), plain)
    expect(text.split('\n').length).toBeLessThan(10)
    expect(text).toContain('40 hosts')
    expect(text).toContain('web-0, web-1')
  })

  it('draws nothing but its own colours, whatever a host says', () => {
    const evil = '\u001b[2Jevil\u0007\u202e\n! forged line'
    const hosts = {
      a: answered({ release: evil, kernelRelease: evil, systemState: evil, failedUnits: [evil], hostname: evil }),
    }
    for (const verbose of [false, true]) {
      const text = statusText(sampleStatus([['all', ['a']]], hosts), { ...plain, verbose })
      // oxlint-disable-next-line no-control-regex -- that there are none is what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      expect(text).not.toContain('\n! forged line')
    }
  })
})
