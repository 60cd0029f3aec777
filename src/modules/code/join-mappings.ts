/** @module Joins two source maps: from the last text through the middle one to the first. */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Where in a line something stands, and the line and column that it came from. */
type Segment = readonly [column: number, fromLine: number, fromColumn: number]

/**
 * Gives the mappings from the last text to the first. Both texts in front of a map have one source.
 *
 * @param last from the last text to the middle one
 * @param first from the middle text to the first one
 */
export function joinMappings(last: string, first: string): string {
  const middle = decode(first)
  const joined = decode(last).map((segments) =>
    segments.flatMap(([column, line, fromColumn]): Segment[] => {
      const origin = middle[line]?.findLast(([start]) => start <= fromColumn)
      return origin ? [[column, origin[1], origin[2]]] : []
    }),
  )
  return encode(joined)
}

function decode(mappings: string): Segment[][] {
  let line = 0
  let column = 0
  return mappings.split(';').map((text) => {
    let at = 0
    const segments: Segment[] = []
    for (const fields of text === '' ? [] : text.split(',').map(numbers)) {
      const [start = 0, , lines, columns] = fields
      at += start
      if (lines === undefined || columns === undefined) continue
      line += lines
      column += columns
      segments.push([at, line, column])
    }
    return segments
  })
}

function encode(lines: readonly (readonly Segment[])[]): string {
  let line = 0
  let column = 0
  const texts = lines.map((segments) => {
    let at = 0
    const fields = segments.map(([start, fromLine, fromColumn]) => {
      const text = [start - at, 0, fromLine - line, fromColumn - column].map(digits).join('')
      at = start
      line = fromLine
      column = fromColumn
      return text
    })
    return fields.join(',')
  })
  return texts.join(';')
}

/** Reads base 64 digits of five bits each, the lowest first; the sixth bit says that more follow, the lowest of all is the sign. */
function numbers(text: string): number[] {
  const found: number[] = []
  let value = 0
  let shift = 0
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit)
    value |= (bits & 31) << shift
    shift += 5
    if (bits & 32) continue
    found.push(value & 1 ? -(value >> 1) : value >> 1)
    value = 0
    shift = 0
  }
  return found
}

function digits(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1
  let text = ''
  do {
    const bits = rest & 31
    rest >>= 5
    text += DIGITS[rest > 0 ? bits | 32 : bits]
  } while (rest > 0)
  return text
}
