import type { Plan } from '../../model/plan/plan-schema.ts'
import type { PlanFormat } from './format.ts'
import { planHtml } from './html/plan.ts'
import { planMarkdown } from './markdown/plan.ts'
import { planText, type PlanTextOptions } from './text/plan.ts'
import { json } from '../markup/json.ts'

/** Which form, and what only some forms need. */
export interface PlanDocumentOptions extends PlanTextOptions {
  readonly format: PlanFormat
  /** Bytes that Markdown may take. */
  readonly maxBytes: number
}

/** A plan in the form that is asked for; the same plan and the same options give the same bytes. */
export function planDocument(plan: Plan, options: PlanDocumentOptions): string {
  switch (options.format) {
    case 'text':
      return planText(plan, options)
    case 'markdown':
      return planMarkdown(plan, options)
    case 'html':
      return planHtml(plan)
    case 'json':
      return `${json(plan, 2)}\n`
  }
}
