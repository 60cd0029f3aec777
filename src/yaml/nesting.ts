/** @module How deep a YAML text nests, told from its tokens: parsers call themselves for each level, and run out of stack. */

/** More levels than this are not read. */
export const DEEPEST = 32

interface Line {
  readonly column: number
  levels: number
}

/** Marks that the lexer of `yaml` adds: a document, a scalar, the end of a flow, a byte order mark. */
const MARKS = new Set(['\u0002', '\u001f', '\u0018', '\uFEFF'])

/**
 * Gives the offset at which a text nests deeper than `DEEPEST`, or undefined. Lists and maps in brackets are counted, and,
 * of others, the signs `-`, `?` and `:` of a line and of those that it is indented under.
 */
export function tooDeepAt(tokens: Iterable<string>): number | undefined {
  const lines = new OpenLines()
  let brackets = 0
  let offset = 0
  for (const token of tokens) {
    if (MARKS.has(token)) continue
    if (token === '[' || token === '{') brackets++
    else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1)
    lines.take(token, brackets > 0)
    if (brackets + lines.levels > DEEPEST) return offset
    offset += token.length
  }
  return undefined
}

/** The lines that the one being read is indented under, and that one. */
class OpenLines {
  levels = 0
  readonly #open: Line[] = []
  #column = 0
  #isFresh = true

  take(token: string, isInBrackets: boolean): void {
    const isBlank = token.trim() === '' || token.startsWith('#')
    if (!isBlank && this.#isFresh && !isInBrackets) this.#begin()
    // In brackets a colon opens nothing that lasts, and an hyphen is a mistake.
    if (token === '?' || (!isInBrackets && (token === '-' || token === ':'))) this.#deepen()
    const end = token.lastIndexOf('\n')
    this.#column = end < 0 ? this.#column + token.length : token.length - end - 1
    if (end >= 0) this.#isFresh = true
  }

  #begin(): void {
    this.#isFresh = false
    for (let last = this.#open.at(-1); last && last.column >= this.#column; last = this.#open.at(-1)) {
      this.levels -= last.levels
      this.#open.pop()
    }
    this.#open.push({ column: this.#column, levels: 0 })
  }

  #deepen(): void {
    this.levels++
    const last = this.#open.at(-1)
    if (last) last.levels++
    else this.#open.push({ column: 0, levels: 1 })
  }
}
