import { formatDuration, longestDurationMs, parseDuration } from '../../../model/fleet/duration.ts'

/** What is wrong with a text that breaks the rule of a schema definition (or of a key), and what to write instead. */
export function patternDetail(definition: string, shown: string, name: string, text: string): string {
  switch (definition) {
    case 'Duration':
      return durationDetail(shown, name, text)
    case 'Count':
    case 'CountFromZero':
      return `${name} must be a number of hosts, such as 2, or a percentage from 0% to 100%, such as 25%; not ${shown}.`
    case 'HostName':
      return `${shown} cannot be the name of a host. ${nameRule(text)}`
    case 'Name':
    case 'CheckName':
      return `${shown} cannot be a name here. ${nameRule(text)}`
    case 'Address':
    case 'address':
      return addressDetail(shown, text)
    case 'User':
      return `${shown} cannot be a login. ${dash(text)}Letters, digits and \`._@+-\` can be in one, starting with a letter, a digit or \`_\`.`
    case 'expectHostname':
      return `${shown} cannot be a hostname. ${nameRule(text)} \`false\` turns the guard off.`
    case 'Selector':
      return `${shown} is not a selector. Write a host's name, a glob such as \`web-*\`, a group such as \`@servers\`, or an exclusion such as \`!web-1\`.`
    default:
      return otherDetail(definition, shown, name, text)
  }
}

function otherDetail(definition: string, shown: string, name: string, text: string): string {
  switch (definition) {
    case 'hostKey':
      return `${name} must be a type and a key, such as \`ssh-ed25519 AAAAC3Nza…\`, without a comment and in full. \`ssh-keyscan\` or the host's own /etc/ssh/ssh_host_ed25519_key.pub has it.`
    case 'Prefix':
      return `${name} cannot be ${shown}. It is \`auto\`, \`none\`, or words to put before a command, such as \`doas -n\`, without quotes.`
    case 'Path':
      return `${shown} cannot be a path here. ${text.startsWith('-') ? 'A program would read it as an option: write `../../load/` before it.' : 'Control characters are not allowed in it.'}`
    case 'FlakeReference':
      return `${shown} cannot be a flake reference here. It has no blanks, does not start with \`-\`, and the part after \`#\` comes from \`attribute\`.`
    case 'VariableName':
      return `${shown} cannot be a variable: it becomes a shell variable, so it has letters, digits and \`_\` only and does not start with a digit.`
    case 'SshOptionName':
      return `${shown} is not the name of an ssh_config option: those have letters and digits only, such as \`ServerAliveInterval\`.`
    case 'options.additionalProperties':
      return `${name} must be one line of text without control characters: ssh would read the rest as further options.`
    case 'name':
      return `${shown} cannot be the fleet's name. It is a slug of lower-case letters, digits and single \`-\`, such as \`${slugOf(text)}\`.`
    case 'headers.propertyNames':
      return `${shown} is not the name of an HTTP header.`
    case 'url':
    case 'http':
      return `${name} must be a URL that starts with \`http://\` or \`https://\` and has no blanks; not ${shown}.`
    case 'method':
      return `${name} must be an HTTP method in capitals, such as GET; not ${shown}.`
    case 'use':
      return `${name} must be the name of a built-in check, \`builtin/NAME\`; not ${shown}.`
    default:
      return text === ''
        ? `${name} is empty. Write a text, or leave the key out.`
        : `${name} cannot be ${shown}. ${dash(text)}Remove the characters that do not belong there.`
  }
}

function durationDetail(shown: string, name: string, text: string): string {
  const form = /^(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(text) && text !== ''
  if (form && parseDuration(text) === null)
    return `${name} is ${shown}, and the longest duration fleet can wait for is 14d.`
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Infinity
  const guess = seconds <= longestDurationMs ? ` For ${text} seconds write ${formatDuration(seconds)}.` : ''
  return `${name} is ${shown}, but a duration needs a unit: 30s, 10m, 1h30m.${guess}`
}

function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return slug === '' ? 'home-lab' : slug
}

function nameRule(text: string): string {
  return `${dash(text)}Letters, digits, \`-\`, \`_\` and \`.\` can be in it, starting with a letter or digit.`
}

function addressDetail(shown: string, text: string): string {
  const user = text.indexOf('@')
  if (user > 0)
    return `${shown} is not an address. Write the login \`${text.slice(0, user)}\` as \`ssh.user\`, and here the rest.`
  return `${shown} is not an address. ${dash(text)}Write a host name or an IP address; the port goes into \`ssh.port\`.`
}

/** Why a leading dash is refused. */
function dash(text: string): string {
  return text.startsWith('-')
    ? 'It starts with `-`, so ssh and nix would read it as an option, which can run programs. '
    : ''
}
