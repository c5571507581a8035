// Writes man/fleet.1 from the same commands and options as `--help`; `--check` only says whether it is fresh.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { manPage } from './man-page.ts'

const target = new URL('../man/fleet.1', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const fresh = manPage(version)
if (!process.argv.includes('--check')) {
  mkdirSync(new URL('.', target), { recursive: true })
  writeFileSync(target, fresh)
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== fresh) {
  console.error('man/fleet.1 is out of date: run `npm run generate`.')
  process.exitCode = 1
}
