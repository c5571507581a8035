import { library } from '../files/fleet-file.ts'

/** A status, the path that is asked for, and the text there. */
export type Page = readonly [status: number, path: string, body: string]

/** A service as one of the ready-made checks sees it. */
export interface ServicePages {
  readonly unit: string
  readonly well: Page
  readonly ill: Page
  /** How the check tells the latter. */
  readonly told: string
}

/** What the services of the ready-made checks answer, by the name of the check: taken from each one's own documentation. */
export const servicePages: Readonly<Record<string, ServicePages>> = {
  forgejo: {
    unit: 'forgejo.service',
    well: [200, '/api/healthz', '{"status": "pass"}'],
    ill: [503, '/api/healthz', '{"status": "fail"}'],
    told: 'answered 503, 200 wanted',
  },
  jellyfin: {
    unit: 'jellyfin.service',
    well: [200, '/health', 'Healthy'],
    ill: [503, '/health', 'Unhealthy'],
    told: 'answered 503, 200 wanted',
  },
  ollama: {
    unit: 'ollama.service',
    well: [200, '/api/tags', '{"models":[]}'],
    ill: [500, '/api/tags', '{"error":"no"}'],
    told: 'answered 500, 200 wanted',
  },
  'open-webui': {
    unit: 'open-webui.service',
    well: [200, '/health', '{"status":true}'],
    ill: [502, '/health', ''],
    told: 'answered 502, 200 wanted',
  },
  nextcloud: {
    unit: 'phpfpm-nextcloud.service',
    well: [200, '/status.php', '{"installed":true,"maintenance":false,"needsDbUpgrade":false,"version":"31.0.7.1"}'],
    ill: [200, '/status.php', '{"installed":true,"maintenance":true,"needsDbUpgrade":false,"version":"31.0.7.1"}'],
    told: 'answered 200, but not what matches "installed":true,"maintenance":false',
  },
  transmission: {
    unit: 'transmission.service',
    well: [409, '/transmission/rpc', '<h1>409: Conflict</h1>'],
    ill: [404, '/transmission/rpc', ''],
    told: 'answered 404, 200 401 409 wanted',
  },
}

/** The address that a ready-made check asks, but on this machine at a port. */
export function servedAt(name: string, port: number): string {
  const check = library.find(`builtin/${name}`)?.check
  const url = new URL(check?.type === 'command' ? (check.vars?.['serviceUrl'] ?? '') : '')
  return `http://127.0.0.1:${port}${url.pathname}`
}
