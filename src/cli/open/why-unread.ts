/** Why a file that the command line names could not be read, as a sentence. */
export function whyUnread({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'There is no such file.'
    case 'EISDIR':
      return 'It is a directory.'
    default:
      return message.endsWith('.') ? message : `${message}.`
  }
}
