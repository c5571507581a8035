/** What an address of the flake is worth. */
export type Address =
  | { readonly kind: 'address'; readonly address: string; readonly user: string | null; readonly port: number | null }
  /** It holds the place of one that somebody gives on the command line. */
  | { readonly kind: 'placeholder' | 'this-machine' | 'unusable'; readonly text: string }

/** Reads `HOST`, `USER@HOST`, `USER@HOST:PORT`, `[IPv6]:PORT` or an IPv6 address, each also behind `ssh://` or `ssh-ng://`. */
export function readAddress(text: string): Address {
  const [bare = ''] = text.replace(/^ssh(-ng)?:\/\//, '').split('?', 1)
  const [, user = null, rest = ''] = /^(?:([^@]*)@)?(.*)$/s.exec(bare) ?? []
  const [, bracketed, behind] = /^\[([^\]]*)\](?::(\d+))?$/.exec(rest) ?? []
  const [, plain, port] = /^([^:]*):(\d+)$/.exec(rest) ?? []
  const address = bracketed ?? plain ?? rest
  if (isPlaceholder(address)) return { kind: 'placeholder', text }
  if (/^(localhost|127\.0\.0\.1|::1)$/i.test(address)) return { kind: 'this-machine', text }
  if (!/^[A-Za-z0-9:][A-Za-z0-9.:%_-]*$/.test(address)) return { kind: 'unusable', text }
  const number = behind ?? port
  return {
    kind: 'address',
    address,
    user: user === '' ? null : user,
    port: number === undefined ? null : Number(number),
  }
}

/** Words in capitals with an underscore, and what people write where something is still to be filled in. */
function isPlaceholder(text: string): boolean {
  return (
    /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text) ||
    /^(<.*>|change-?me|todo|fixme|placeholder|override|none|unset)$/i.test(text)
  )
}
