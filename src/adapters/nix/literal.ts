/** The text as a string of Nix, quotes included. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll('${', '\\${')
}
