import { withoutEnd } from './without-end.ts'

/** Words that make the value after them look like a secret. */
const named =
  /(?:pass(?:word|wd|phrase)?|secret|token|credential|private[_-]?key|api[_-]?key|access[_-]?key|auth[_-]?key|psk|hash(?:ed)?[_-]?password|authorization|bearer)[\w.-]*["']?/gi
/** What stands between such a word and its value: an equals sign, a colon or blanks. */
const separator = /\s*[=:]\s*|\s+/y
/** `scheme://user:password@host`. */
const url = /(?<!\w)(\w{1,64}:\/\/[^\s:/@]{1,256}:)[^\s/@]{1,1024}(@)/g
/** Hashes as crypt(3) writes them, `$6$salt$hash`. */
const crypt = /\$(?:y|gy|7|2[abxy]|1|5|6|sha1|argon2\w*)\$[\w./$=,+-]{8,}/g
const begin = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const end = /-----END [A-Z ]*PRIVATE KEY-----/

/** A text whose secret-looking values are masked, line by line: what stands in the store is readable, and still not for a comment. */
export function maskSecrets(text: string): string {
  let inKey = false
  return text
    .split('\n')
    .map((line) => {
      if (begin.test(line)) inKey = true
      if (inKey) {
        if (end.test(line)) inKey = false
        return begin.test(line) || end.test(line) ? line : '•••'
      }
      return maskLine(line)
    })
    .join('\n')
}

/** A line of a program's output without passwords in URLs and without password hashes; whatever else it says stays. */
export function maskCredentials(line: string): string {
  return line.replace(url, '$1•••$2').replace(crypt, '•••')
}

/** Passwords in URLs hidden sign by sign, so that what follows keeps its column. */
export function hidePasswords(line: string): string {
  return line.replace(
    /(?<!\w)(\w{1,64}:\/\/[^\s:/@]{1,256}:)([^\s/@]{1,1024})(?=@)/g,
    (_, before: string, password: string) => {
      return before + '•'.repeat(password.length)
    },
  )
}

function maskLine(line: string): string {
  const shown = maskCredentials(line)
  for (const { 0: word, index } of shown.matchAll(named)) {
    separator.lastIndex = index + word.length
    const start = separator.test(shown) ? separator.lastIndex : shown.length
    if (start >= shown.length) continue
    const value = shown.slice(start, start + 1) + withoutEnd(shown.slice(start + 1), `"',;`)
    // A file that holds a secret is no secret, nor is a switch.
    const isHarmless = /^["']?(?:\/|\$\{?\w|(?:yes|no|true|false|on|off|none|null)$)/i.test(value)
    return isHarmless ? shown : `${shown.slice(0, start)}•••${shown.slice(start + value.length)}`
  }
  return shown
}
