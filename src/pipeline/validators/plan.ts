import { compiled } from './compile.ts'

/** Judge a saved plan (`plan`). `npm run build` writes them as code. */
export const validators = compiled<'plan'>('plan')
