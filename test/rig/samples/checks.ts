import type {
  CommandCheck,
  HttpCheck,
  ModuleCheck,
  SystemdCheck,
  TcpCheck,
} from '../../../src/model/plan/plan-schema.ts'
import { sampleCheck } from '../doubles/world.ts'

/** A check of each type with the defaults of the contract, but for a time-out that suits tests. */
const { type: _, ...common } = sampleCheck({ timeoutMs: 20_000 })

export function systemdCheckOf(more: Partial<SystemdCheck> = {}): SystemdCheck {
  return { ...common, type: 'systemd', failedUnits: 'new', active: [], ...more }
}

export function commandCheckOf(run: CommandCheck['run'], more: Partial<CommandCheck> = {}): CommandCheck {
  return { ...common, type: 'command', run, protocol: 'exit', from: 'operator', vars: {}, ...more }
}

export function httpCheckOf(url: string, more: Partial<HttpCheck> = {}): HttpCheck {
  return {
    ...common,
    type: 'http',
    url,
    method: 'GET',
    headers: {},
    expectStatus: [200],
    expectBody: null,
    insecure: false,
    from: 'operator',
    ...more,
  }
}

export function tcpCheckOf(port: number, more: Partial<TcpCheck> = {}): TcpCheck {
  return { ...common, type: 'tcp', address: '127.0.0.1', port, from: 'operator', ...more }
}

export function moduleCheckOf(path: string, more: Partial<ModuleCheck> = {}): ModuleCheck {
  return { ...common, type: 'module', path, with: {}, ...more }
}
