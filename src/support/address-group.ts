/** @module Whose address it is: one client of IPv6 has a whole network of addresses to take turns with. */
import { isIP } from 'node:net'

/**
 * Gives the address of IPv4, also where it is written as one of IPv6; of IPv6 the network of 64 bits, which is what a client gets.
 * What is no address stays as it is.
 *
 * @param address perhaps with the port behind it, as some proxies write it
 */
export function addressGroup(address: string): string {
  const bare = bareOf(address)
  if (isIP(bare) !== 6) return bare
  // The parser of URLs knows every way to write one.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [wordsOf(head), wordsOf(tail)]
  const words = [...first, ...Array(8 - first.length - last.length).fill(0), ...last]
  const [, , , , , mark, high = 0, low = 0] = words
  const isMapped = mark === 0xffff && words.slice(0, 5).every((word) => word === 0)
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return `${words
    .slice(0, 4)
    .map((word) => word.toString(16))
    .join(':')}::/64`
}

/** Without port, brackets and zone. */
function bareOf(address: string): string {
  const [, inBrackets] = /^\[([^\]]+)\](?::\d+)?$/.exec(address) ?? []
  const [, beforePort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address) ?? []
  return (inBrackets ?? beforePort ?? address).replace(/%.*$/, '')
}

function wordsOf(text = ''): number[] {
  return text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16))
}
