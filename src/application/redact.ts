/** @module Keeps secrets out of the log: by the names of fields, however deep they stand. */

const MASK = '[redacted]'

/** Words that make a field secret when its name contains one; case, spaces, dashes and the like make no difference. */
const SECRET_WORDS = [
  'authorization',
  'cookie',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'credential',
  'privatekey',
  'apikey',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'csrftoken',
]

/**
 * Gives a function that masks the secret fields of a line of JSON. A line without such a name costs one search: that is
 * why it looks at the finished line, where errors, bindings and everything else have become fields.
 */
export function redactLine(more: readonly string[] = []): (line: string) => string {
  // Every name contains a word of no letters: the whole line would be a secret.
  const words = [...SECRET_WORDS, ...more.map(plain).filter((word) => word !== '')]
  const pattern = words.map((word) => [...word].join('[\\W_]{0,2}')).join('|')
  const mayHold = new RegExp(pattern, 'i')
  const isSecret = (name: string) => words.some((word) => plain(name).includes(word))
  const hide = (name: string, value: unknown) => (isSecret(name) && value !== null ? MASK : value)
  return (line) => (mayHold.test(line) ? `${JSON.stringify(JSON.parse(line, hide))}\n` : line)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
