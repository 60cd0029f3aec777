/** @module Reads SQL as the words of its dialect: what is quoted is one token, and comments are none. */
import type { Dialect } from '../../connections/driver.ts'

export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol'
  /** A word in lower case, a name without its quotes, everything else as it is written. */
  readonly text: string
  /** As it is written. */
  readonly raw: string
  /** Where it begins. */
  readonly at: number
}

type Form = readonly [kind: Token['kind'] | 'gap', pattern: RegExp]

const BLANK: Form = ['gap', /\s+/y]
const LINE_COMMENT: Form = ['gap', /--[^\n]*/y]
const COMMENT: Form = ['gap', /\/\*[\s\S]*?(?:\*\/|$)/y]
const TEXT: Form = ['text', /'[^']*(?:''[^']*)*(?:'|$)/y]
const NAME: Form = ['name', /"[^"]*(?:""[^"]*)*(?:"|$)/y]
const BACKTICKED: Form = ['name', /`[^`]*(?:``[^`]*)*(?:`|$)/y]
const WORD: Form = ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy]
const NUMBER: Form = ['number', /\d[\w.]*/y]

const FORMS: Readonly<Record<Dialect, readonly Form[]>> = {
  sqlite: [BLANK, LINE_COMMENT, COMMENT, TEXT, NAME, BACKTICKED, ['name', /\[[^\]]*(?:\]|$)/y], WORD, NUMBER],
  postgres: [
    BLANK,
    LINE_COMMENT,
    ['text', /[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*(?:'|$)/y],
    TEXT,
    NAME,
    ['text', /\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?(?:\$\1\$|$)/y],
    WORD,
    NUMBER,
  ],
  mysql: [
    BLANK,
    // `5--1` is a sum.
    ['gap', /--(?=\s|$)[^\n]*|#[^\n]*/y],
    // What is in `/*! … */` is run.
    ['gap', /\/\*M?!\d*|\*\//y],
    COMMENT,
    ['text', /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*(?:'|$)/y],
    ['text', /"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*(?:"|$)/y],
    BACKTICKED,
    WORD,
    NUMBER,
  ],
}

export function tokensOf(sql: string, dialect: Dialect): Token[] {
  return pieces(sql, dialect).flatMap(({ kind, raw, at }) =>
    kind === 'gap' ? [] : [{ kind, raw, at, text: textOf(kind, raw) }],
  )
}

/** Whether what is written behind it would be a part of its last comment. */
export function endsInLineComment(sql: string, dialect: Dialect): boolean {
  const last = pieces(sql.trimEnd(), dialect).at(-1)
  return last?.kind === 'gap' && /^(?:--|#)/.test(last.raw)
}

interface Piece {
  readonly kind: Token['kind'] | 'gap'
  readonly raw: string
  readonly at: number
}

function pieces(sql: string, dialect: Dialect): Piece[] {
  const found: Piece[] = []
  for (let at = 0; at < sql.length; ) {
    const piece = pieceAt(sql, at, dialect)
    found.push(piece)
    at += piece.raw.length
  }
  return found
}

function pieceAt(sql: string, at: number, dialect: Dialect): Piece {
  if (dialect === 'postgres' && sql.startsWith('/*', at))
    return { kind: 'gap', raw: nestedComment(sql, at), at }
  for (const [kind, pattern] of FORMS[dialect]) {
    pattern.lastIndex = at
    const raw = pattern.exec(sql)?.[0]
    if (raw) return { kind, raw, at }
  }
  return { kind: 'symbol', raw: sql.charAt(at), at }
}

/** PostgreSQL counts how often a comment is opened. */
function nestedComment(sql: string, at: number): string {
  const edges = /\/\*|\*\//g
  edges.lastIndex = at
  let depth = 0
  for (let edge = edges.exec(sql); edge; edge = edges.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1
    if (depth === 0) return sql.slice(at, edges.lastIndex)
  }
  return sql.slice(at)
}

function textOf(kind: Token['kind'], raw: string): string {
  if (kind === 'word') return raw.toLowerCase()
  return kind === 'name' ? unquoted(raw) : raw
}

/** A name without its quotes. */
export function unquoted(raw: string): string {
  const mark = raw.charAt(0)
  const inner = raw.slice(1, -1)
  return mark === '[' ? inner : inner.replaceAll(mark + mark, mark)
}

const ROUTINES = new Set(['trigger', 'function', 'procedure', 'event', 'package'])

/** Splits at `;`, and not inside the body of a routine. */
export function splitTokens(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]]
  let depth = 0
  let previous = ''
  for (const token of tokens) {
    const statement = statements.at(-1) ?? []
    const word = token.kind === 'word' ? token.text : ''
    if (isRoutine(statement)) depth += depthOf(word, previous)
    previous = word
    if (token.kind === 'symbol' && token.text === ';' && depth <= 0) {
      statements.push([])
      depth = 0
    } else statement.push(token)
  }
  return statements.filter((statement) => statement.length > 0)
}

/** The statements of a script as they are written, without the comments around them. */
export function splitStatements(script: string, dialect: Dialect): string[] {
  return splitTokens(tokensOf(script, dialect)).map((tokens) => {
    const [first, last] = [tokens[0], tokens.at(-1)]
    return first && last ? script.slice(first.at, last.at + last.raw.length) : ''
  })
}

function isRoutine(statement: readonly Token[]): boolean {
  if (statement[0]?.text !== 'create') return false
  const head = statement.slice(1, 12)
  return head.some(({ kind, text }) => kind === 'word' && ROUTINES.has(text))
}

/** `end if`, `end loop` and the like end what no `begin` has opened. */
function depthOf(word: string, previous: string): number {
  if (/^(?:if|loop|while|repeat)$/.test(word) && previous === 'end') return 1
  if (word === 'case' && previous === 'end') return 0
  return word === 'begin' || word === 'case' ? 1 : word === 'end' ? -1 : 0
}
