/** @module Reads HTML as the Bot API does: tags, and what is shown between them. */

export interface HtmlPiece {
  readonly kind: 'text' | 'open' | 'close'
  /** As it was written. */
  readonly source: string
  /** What readers see of it; empty for tags. */
  readonly shown: string
  /** Of a tag; empty for `</>`, which closes whatever is open. */
  readonly name: string
}

/** Quoted values may hold anything; a `<` outside of them begins something else. */
const TAG = /<(\/?)([a-z][a-z\d-]*|(?<=\/))(?:"[^"]*"|'[^']*'|[^<>"'])*>/iy
/** Letters count as they are: `&LT;` is shown as it is written. */
const ENTITY = /&(?:(lt|gt|amp|quot)(?![A-Za-z])|#(\d{1,7})|#x([\dA-Fa-f]{1,6}));?/y
const PLAIN = /[^<&]+/y

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** Gives all of a text in order: nothing is left out, also of what is no HTML. */
export function htmlPieces(html: string): readonly HtmlPiece[] {
  const pieces: HtmlPiece[] = []
  let at = 0
  while (at < html.length) {
    const piece = plainAt(html, at) ?? tagAt(html, at) ?? entityAt(html, at) ?? textOf(html.charAt(at))
    pieces.push(piece)
    at += piece.source.length
  }
  return pieces
}

function plainAt(html: string, at: number): HtmlPiece | undefined {
  const found = matchAt(PLAIN, html, at)
  return found && textOf(found[0])
}

function tagAt(html: string, at: number): HtmlPiece | undefined {
  const found = matchAt(TAG, html, at)
  if (!found) return undefined
  const [source, slash, name = ''] = found
  return { kind: slash ? 'close' : 'open', source, shown: '', name: name.toLowerCase() }
}

function entityAt(html: string, at: number): HtmlPiece | undefined {
  const found = matchAt(ENTITY, html, at)
  if (!found) return undefined
  const [source, name, decimal, hexadecimal] = found
  if (name !== undefined) return textOf(source, NAMED[name])
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? textOf(source, String.fromCodePoint(code)) : textOf(source)
}

function textOf(source: string, shown: string = source): HtmlPiece {
  return { kind: 'text', source, shown, name: '' }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}
