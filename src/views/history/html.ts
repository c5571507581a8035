import { createHash } from 'node:crypto'
import type { RunStory } from '../../model/run/story.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { RunFiles } from './text.ts'
import {
  aboutOf,
  authorOf,
  countsOf,
  hostOutcome,
  markOf,
  nextCommands,
  planOf,
  reasonOf,
  resultOf,
  runTime,
  timeOf,
  timesOf,
  waveOutcome,
  wavesOf,
} from './words.ts'
import { type Html, markup, nothing } from '../markup/html.ts'
import { planStyle } from '../markup/html-style.ts'

const style = `${planStyle}
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
td code, .time { white-space: nowrap; }
.wide { overflow-x: auto; }
`

/** Past runs as one page. */
export function historyHtml(stories: readonly RunStory[]): string {
  const rows = stories.map(
    (story) =>
      markup`<tr><td><code>${cleanLine(story.run)}</code></td><td class="time">${timeOf(story.startedAt)}</td><td>${authorOf(story)}</td><td>${wavesOf(story)}</td><td><code>${planOf(story)}</code></td><td>${resultOf(story)}</td><td>${countsOf(story).join(', ')}</td><td>${runTime(story)}</td></tr>\n`,
  )
  return page(
    'Past runs',
    markup`<div class="wide"><table><tr><th>Run</th><th>Started</th><th>By</th><th>Waves</th><th>Plan</th><th>Result</th><th>Hosts</th><th>Time</th></tr>\n${rows}</table></div>`,
  )
}

/** One run's story as one page. */
export function runHtml(story: RunStory, { planFile }: RunFiles): string {
  const waves = story.waves.map((wave) => {
    const rows = wave.hosts.map(
      (host) =>
        markup`<tr><td>${markOf(host).mark}</td><td><code>${cleanLine(host.host)}</code></td><td>${hostOutcome(host)}</td><td>${timesOf(host).join(' · ')}</td></tr>\n`,
    )
    return markup`<h2>${cleanLine(wave.name)}</h2><p>${waveOutcome(wave)}</p><div class="wide"><table><tr><th></th><th>Host</th><th>Result</th><th>Time</th></tr>\n${rows}</table></div>\n`
  })
  const remarks = story.remarks.map(({ text }) => markup`<li>${cleanLine(text)}</li>`)
  const next = nextCommands(story, planFile).map(({ command, why }) => markup`<p><code>${command}</code>: ${why}</p>`)
  const plan = planOf(story) === '' ? nothing : markup` · plan <code>${planOf(story)}</code>`
  return page(
    `Run ${cleanLine(story.run)}: ${resultOf(story)}`,
    markup`<p>${aboutOf(story).join(' · ')}${plan}</p><p>${reasonOf(story)}</p>\n${waves}<ul>${remarks}</ul>${next}`,
  )
}

function page(title: string, body: Html): string {
  const digest = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`
  const look: Html = { markup: `<style>${style}</style>` }
  return `${
    markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${look}
</head>
<body><main>
<h1>${title}</h1>
${body}
</main></body>
</html>`.markup
  }\n`
}
