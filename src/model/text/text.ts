// ECMA-48: CSI …, then the strings of OSC, DCS, SOS, PM and APC, then two-character escapes. Each part stops at the next ESC.
const escapes =
  // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B[\]PX^_][^\u001B\u0007]*(?:\u0007|\u001B\\)|\u001B[ -/]*[0-~]/gu
const lineBreaks = /\r\n?|[\u0085\u2028\u2029\v\f]/gu
/** Cc without line feed, invisible format characters (bidi overrides, zero-width, tags) and lone surrogates. */
const invisible = /[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/gu

/**
 * Text from a host or a flake, safe to write to a terminal: escape sequences, control characters (C0, C1, DEL) and invisible
 * ones (bidi overrides, zero-width) are gone, a tab is one space, every kind of line break is `\n`.
 */
export function cleanText(text: string): string {
  return text.replace(escapes, '').replace(lineBreaks, '\n').replaceAll('\t', ' ').replace(invisible, '')
}

/** The same for text that must stay on one line: line breaks become spaces. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll('\n', ' ').trimEnd()
}
