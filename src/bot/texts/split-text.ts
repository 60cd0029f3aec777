/** @module Splits a text that is too long for one message, where readers would. */

/** What a message of the Bot API may have, in UTF-16 code units. */
export const LONGEST_MESSAGE = 4096

/** Where the parts of a text end, the last one at its end. */
export function partEnds(text: string, limit: number): readonly number[] {
  const ends: number[] = []
  let start = 0
  while (text.length - start > limit) {
    start += endOfPart(text.slice(start, start + limit + 2), limit)
    ends.push(start)
  }
  return [...ends, text.length]
}

/**
 * Splits a text at paragraphs, lines or words, and where there are none between characters as people see them.
 *
 * @returns its parts; together they are the text
 */
export function splitText(text: string, limit: number = LONGEST_MESSAGE): readonly string[] {
  let start = 0
  return partEnds(text, limit).map((end) => {
    const part = text.slice(start, end)
    start = end
    return part
  })
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Better a word that is cut by its part than a message with two words. */
const MOST_LEFT_EMPTY = 1 / 2

/** @param text with more units than the limit */
function endOfPart(text: string, limit: number): number {
  const segments = characters.segment(text)
  const starts = (index: number) => segments.containing(index)?.index === index
  for (const border of ['\n\n', '\n', /\s/]) {
    for (let end = limit; end > limit * MOST_LEFT_EMPTY; end--) {
      if (endsWith(text, border, end) && starts(end)) return end
    }
  }
  const character = segments.containing(limit)?.index ?? limit
  // One that is longer than a message is cut all the same, but never through a pair of surrogates.
  if (character > 0) return character
  return limit > 1 && isPair(text, limit) ? limit - 1 : limit
}

function endsWith(text: string, border: string | RegExp, end: number): boolean {
  return typeof border === 'string' ? text.endsWith(border, end) : border.test(text[end - 1] ?? '')
}

function isPair(text: string, index: number): boolean {
  return (text.codePointAt(index - 1) ?? 0) > 0xffff
}
