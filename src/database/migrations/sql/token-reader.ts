/** @module Walks through the tokens of a statement. */
import type { Dialect } from '../../connections/driver.ts'
import { type Token, unquoted } from './tokens.ts'

/** The name of a table as a statement writes it, in the case in which the database keeps it. */
export interface TableName {
  readonly schema: string | undefined
  readonly name: string
}

export class TokenReader {
  readonly dialect: Dialect
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[], dialect: Dialect) {
    this.#tokens = tokens
    this.dialect = dialect
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** What follows, without taking it. */
  get rest(): readonly Token[] {
    return this.#tokens.slice(this.#at)
  }

  /** Whether these words follow; a quoted name is none. */
  isNext(...words: readonly string[]): boolean {
    return words.every((word, index) => isWord(this.#tokens[this.#at + index], word))
  }

  isNextOf(words: ReadonlySet<string>): boolean {
    const token = this.#tokens[this.#at]
    return token?.kind === 'word' && words.has(token.text)
  }

  /** Takes these words if they follow. */
  accept(...words: readonly string[]): boolean {
    if (!this.isNext(...words)) return false
    this.#at += words.length
    return true
  }

  /** Takes the first of these phrases that follows. */
  acceptAny(...phrases: readonly string[]): string | undefined {
    return phrases.find((phrase) => this.accept(...phrase.split(' ')))
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  /** Takes a name, in the case in which the database keeps it. */
  name(): string | undefined {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word' && token?.kind !== 'name' && token?.kind !== 'text') return undefined
    this.#at++
    if (token.kind === 'name') return token.text
    if (token.kind === 'text') return unquoted(token.raw)
    return this.dialect === 'postgres' ? token.text : token.raw
  }

  tableName(): TableName | undefined {
    const parts: string[] = []
    do {
      const part = this.name()
      if (part === undefined) return undefined
      parts.push(part)
    } while (this.accept('.'))
    return { schema: parts.at(-2), name: parts.at(-1) ?? '' }
  }

  /** Takes names between commas. */
  tableNames(): TableName[] {
    const names: TableName[] = []
    do {
      this.accept('only')
      const name = this.tableName()
      if (name) names.push(name)
      this.accept('*')
    } while (this.accept(','))
    return names
  }

  /** Takes what stands between parentheses, without them. */
  group(): Token[] | undefined {
    if (!this.accept('(')) return undefined
    const inner: Token[] = []
    for (let depth = 1; !this.isAtEnd; ) {
      const token = this.next()
      if (!token) break
      if (isWord(token, '(')) depth++
      if (isWord(token, ')') && --depth === 0) break
      inner.push(token)
    }
    return inner
  }

  /** Takes tokens until one of these words stands outside of parentheses. */
  until(...words: readonly string[]): Token[] {
    const taken: Token[] = []
    for (let depth = 0; !this.isAtEnd; ) {
      if (depth === 0 && words.some((word) => this.isNext(word))) break
      const token = this.next()
      if (!token) break
      if (isWord(token, '(')) depth++
      if (isWord(token, ')')) depth--
      taken.push(token)
    }
    return taken
  }
}

export function isWord(token: Token | undefined, word: string): boolean {
  return (token?.kind === 'word' || token?.kind === 'symbol') && token.text === word
}

/** Where these words follow one another outside of parentheses, or -1. */
export function findWords(tokens: readonly Token[], ...words: readonly string[]): number {
  let depth = 0
  return tokens.findIndex((token, at) => {
    if (isWord(token, '(')) depth++
    if (isWord(token, ')')) depth--
    return depth === 0 && words.every((word, index) => isWord(tokens[at + index], word))
  })
}

export function hasWords(tokens: readonly Token[], ...words: readonly string[]): boolean {
  return findWords(tokens, ...words) >= 0
}

/** The parts between the commas that stand outside of parentheses. */
export function splitCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isWord(token, '(')) depth++
    if (isWord(token, ')')) depth--
    if (depth === 0 && isWord(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts.filter((part) => part.length > 0)
}

/** Takes everything, and gives a reader for each part between commas. */
export function partsOf(reader: TokenReader): TokenReader[] {
  return splitCommas(reader.until()).map((part) => new TokenReader(part, reader.dialect))
}
