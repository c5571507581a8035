import { cleanText } from '../../../model/text/text.ts'

/** Which of deploy-rs's programs speaks; null: something else that writes to the same stream. */
export type Speaker = 'deploy' | 'activate' | 'wait' | 'revoke' | null

/** One line of a log of deploy-rs, without colours. */
export interface LogLine {
  readonly speaker: Speaker
  readonly level: 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE' | null
  readonly text: string
}

const tag = /\[(deploy|activate|wait|revoke)\] \[(ERROR|WARN|INFO|DEBUG|TRACE)\] /

/**
 * The lines of a log, empty ones left out. Three processes write to one stream, so a tag may stand anywhere in a line; the emoji before it are
 * left out (serokell/deploy-rs src/lib.rs). OpenSSH ends its own lines with CR LF.
 */
export function logLines(text: string): readonly LogLine[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : linesOf(line)))
}

/** A line, in parts where several processes have written to it. */
export function linesOf(raw: string): readonly LogLine[] {
  const clean = cleanText(raw.replace(/\r$/, '')).replaceAll('\n', ' ')
  const parts = clean.split(/(?=\[(?:deploy|activate|wait|revoke)\] \[(?:ERROR|WARN|INFO|DEBUG|TRACE)\] )/)
  return parts.flatMap((part): readonly LogLine[] => {
    const [, speaker, level] = tag.exec(part) ?? []
    const text = part
      .replace(tag, '')
      .trimEnd()
      .replace(/[🚀⭐👀↩]\S{0,2}\s+\S{1,40}$/u, '')
      .trimEnd()
    if (speaker === undefined) return text === '' && parts.length > 1 ? [] : [{ speaker: null, level: null, text }]
    return [{ speaker: speaker as Speaker, level: level as LogLine['level'], text }]
  })
}
