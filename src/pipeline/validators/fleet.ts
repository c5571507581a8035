import { compiled, readSchema } from './compile.ts'

/** The definition that judges a check. */
export type CheckSchemaName = `${'Any' | 'Builtin' | 'Ssh' | 'Systemd' | 'Http' | 'Tcp' | 'Command' | 'Module'}Check`

/** Judge fleet.yaml without its checks (`fleet`) and a check of each type (`HttpCheck`). `npm run build` writes them as code. */
export const validators = compiled<'fleet' | CheckSchemaName>('fleet')

/** The schema of fleet.yaml. */
export const schemaOfFleet = () => readSchema('fleet')
