/** @module Reads a `select` that copies the rows of one table, as the rebuild of a table does. */
import type { Dialect } from '../../../connections/driver.ts'
import { isWord, splitCommas, TokenReader } from '../../sql/token-reader.ts'
import type { Token } from '../../sql/tokens.ts'
import type { CopiedValue, Copy } from './actions.ts'

/** Behind the list of columns of an `insert`, or the `as` of a `create table`. */
export function readCopy(
  reader: TokenReader,
  columns: readonly string[] | undefined,
  isIgnoring: boolean,
): Copy | undefined {
  if (!reader.accept('select')) return undefined
  const isAll = !reader.accept('distinct')
  const values = splitCommas(reader.until('from')).map((value) => copiedValue(value, reader.dialect))
  if (!reader.accept('from')) return undefined
  reader.accept('only')
  const source = reader.tableName()
  if (!source) return undefined
  // What follows leaves rows out, joins others, or is an order.
  const [first] = reader.until('order', ';')
  return { source, columns, values, isWhole: isAll && !isIgnoring && first === undefined }
}

function copiedValue(tokens: readonly Token[], dialect: Dialect): CopiedValue {
  const reader = new TokenReader(tokens, dialect)
  const mentions = tokens.filter(({ kind }) => kind === 'word' || kind === 'name').map(({ text }) => text)
  const isStar = tokens.some((token) => isWord(token, '*')) && mentions.length <= 1
  const [first] = tokens
  // `null as x` is no column that is called null.
  const isLiteral = first?.kind === 'text' || first?.text === 'null'
  const from = isLiteral ? undefined : reader.tableName()?.name
  const isPlain = reader.isAtEnd || reader.accept('as')
  return { from: isPlain ? from : undefined, mentions: isLiteral ? [] : mentions, isStar }
}
