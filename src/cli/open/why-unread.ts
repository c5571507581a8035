/** Why a file that the command line names could not be read, as a sentence. */
export function whyUnread({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'The file does not exist.'
    case 'EISDIR':
      return 'It is a directory.'
    default:
      return message.endsWith('.') ? message : `${message}.`
  }
}
