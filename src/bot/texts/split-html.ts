/** @module Splits HTML that is too long for one message: each part is HTML of its own. */
import { type HtmlPiece, htmlPieces } from './html-pieces.ts'
import { LONGEST_MESSAGE, partEnds } from './split-text.ts'

/**
 * Splits HTML as `splitText` splits what it shows, which is what the Bot API counts. Tags that are open where a part ends are
 * closed there, and opened again in the next one.
 */
export function splitHtml(html: string, limit: number = LONGEST_MESSAGE): readonly string[] {
  const pieces = htmlPieces(html)
  const ends = partEnds(pieces.map(({ shown }) => shown).join(''), limit)
  const parts = new Parts(ends.slice(0, -1))
  for (const piece of pieces) parts.add(piece)
  return parts.finish()
}

class Parts {
  /** Where parts end that have not ended yet, in what is shown. */
  readonly #ends: number[]
  readonly #done: string[] = []
  readonly #open: HtmlPiece[] = []
  #part = ''
  #shown = 0

  constructor(ends: readonly number[]) {
    this.#ends = [...ends]
  }

  add(piece: HtmlPiece): void {
    // What closes here belongs to what came before.
    if (piece.kind !== 'close' && this.#ends[0] === this.#shown) this.#next()
    if (piece.kind === 'close') this.#close(piece)
    else if (piece.kind === 'open') this.#open.push(piece)
    if (piece.source === piece.shown) this.#writeAll(piece.source)
    else this.#write(piece.source, piece.shown.length)
  }

  finish(): readonly string[] {
    return [...this.#done, this.#part]
  }

  /** It may belong to several parts. */
  #writeAll(text: string): void {
    let rest = text
    for (let end = this.#ends[0]; end !== undefined && end < this.#shown + rest.length; end = this.#ends[0]) {
      const length = end - this.#shown
      this.#write(rest.slice(0, length), length)
      rest = rest.slice(length)
      this.#next()
    }
    this.#write(rest, rest.length)
  }

  #write(source: string, shown: number): void {
    this.#part += source
    this.#shown += shown
  }

  /** One that closes nothing is left to the Bot API, which says so. */
  #close(piece: HtmlPiece): void {
    const last = this.#open.at(-1)
    if (last && (piece.name === '' || piece.name === last.name)) this.#open.pop()
  }

  #next(): void {
    this.#ends.shift()
    const closing = this.#open.map(({ name }) => `</${name}>`).reverse()
    this.#done.push(this.#part + closing.join(''))
    this.#part = this.#open.map(({ source }) => source).join('')
  }
}
