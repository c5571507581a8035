import { compiled } from './compile.ts'

/** Judge what `fleet status --json` wrote (`status`). `npm run build` writes them as code. */
export const validators = compiled<'status'>('status')
