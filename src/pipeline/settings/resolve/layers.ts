import { parseDuration } from '../../../model/fleet/duration.ts'
import { pointer } from '../../../model/fleet/source.ts'
import { nearest, suggestion } from '../suggest.ts'
import type { Context } from './context.ts'
import type { Layer } from './settings.ts'
import { refusedSshOption } from './ssh-options.ts'

/** Reports what is wrong with the settings of one level, each where it is written. */
export function checkLayer(context: Context, layer: Layer, checks: readonly string[]): void {
  for (const [leaf, value] of layer.leaves) {
    const at = layer.at + leaf
    if (leaf === '/checks') checkNames(context, at, value as readonly string[], checks)
    else if (leaf === '/ssh/hostKey') checkHostKey(context, at, String(value))
    else if (leaf === '/ssh/connectTimeout') checkSecond(context, at, String(value), 'ssh counts whole seconds')
    else if (leaf.startsWith('/ssh/options/'))
      checkOption(context, at, leaf.slice('/ssh/options/'.length), String(value))
    else if (leaf.startsWith('/vars/')) checkVariable(context, at, leaf.slice('/vars/'.length))
    else if (/^\/activation\/(confirmT|t)imeout$/.test(leaf)) {
      checkSecond(context, at, String(value), 'within less, no activation can succeed')
    }
  }
}

/** Reports names of checks that do not exist. */
export function checkNames(context: Context, at: string, names: readonly string[], known: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (known.includes(name) || context.damaged(pointer('checks', name))) continue
    context.atValue('config/unknown-check', at + pointer(index), unknownCheck(name, known))
  }
}

const prefix = 'builtin/'

/** Why there is no such check, and what may have been meant. */
export function unknownCheck(name: string, known: readonly string[]): string {
  const ready = known.filter((each) => each.startsWith(prefix))
  if (name.startsWith(prefix)) {
    // Without what all of them begin with, or each would look alike.
    const meant = nearest(
      name.slice(prefix.length),
      ready.map((each) => each.slice(prefix.length)),
    )
    const hint = meant === null ? '`fleet check --list` lists them.' : `Did you mean \`${prefix}${meant}\`?`
    return `There is no built-in check \`${name}\`. ${hint}`
  }
  if (ready.includes(prefix + name)) return `There is no check \`${name}\`. Did you mean \`${prefix}${name}\`?`
  const own = known.filter((each) => !ready.includes(each))
  return `There is no check \`${name}\`. ${suggestion(name, own, 'The checks are')}`
}

/** The key's own bytes begin with its type (RFC 4253 §6.6), which tells a key that was not copied in full. */
function checkHostKey(context: Context, at: string, key: string): void {
  const [type = '', base64 = ''] = key.split(' ')
  const bytes = Buffer.from(base64, 'base64')
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0
  if (bytes.subarray(4, 4 + length).toString('latin1') === type && bytes.length > 4 + length) return
  const detail = `This is not the whole of a public key of type \`${type}\`. Copy it again, in full: \`${type} AAAA…\`.`
  context.atValue('config/bad-value', at, detail)
}

function checkOption(context: Context, at: string, name: string, value: string): void {
  const why = refusedSshOption(name, value)
  if (why !== null) context.atKey('config/unsafe-ssh-option', at, why)
}

const reserved = /^(?:PATH|IFS|ENV|BASH_ENV|HOME|SHELL|PWD|PS4|SHELLOPTS|BASHOPTS|NODE_OPTIONS|LD_.*|FLEET_.*|NIX_.*)$/

/** Reports a variable that would change how the shell finds and runs programs. */
export function checkVariable(context: Context, at: string, name: string): void {
  if (!reserved.test(name)) return
  const detail = `\`${name}\` becomes a variable of the shell that runs checks, where it already means something. Choose another name.`
  context.atKey('config/reserved-variable', at, detail)
}

/** Milliseconds. */
const least = 1000

function checkSecond(context: Context, at: string, text: string, why: string): void {
  if ((parseDuration(text) ?? least) >= least) return
  context.atValue('config/bad-duration', at, `\`${text}\` is too short: ${why}. The least is ${least / 1000}s.`)
}
