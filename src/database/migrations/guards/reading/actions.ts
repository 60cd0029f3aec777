/** @module What statements do, in words that all dialects share. */
import type { TableName } from '../../sql/token-reader.ts'
import type { Token } from '../../sql/tokens.ts'

export interface SqlType {
  /** In lower case, without what is in parentheses: `character varying`. */
  readonly name: string
  readonly args: readonly string[]
  readonly isArray: boolean
  /** As it is written, in one form. */
  readonly text: string
}

export interface ColumnDefinition {
  readonly name: string
  readonly type: SqlType | undefined
  readonly isNotNull: boolean
  readonly default: readonly Token[] | undefined
  readonly isPrimary: boolean
  readonly isUnique: boolean
  readonly isAutoIncrement: boolean
  readonly hasCheck: boolean
  readonly isReference: boolean
  readonly generated: 'stored' | 'virtual' | 'identity' | undefined
}

export type ConstraintKind = 'foreign key' | 'check' | 'unique' | 'primary key' | 'exclude'

/** One column of what is copied from a table: its name there, if it is copied as it is. */
export interface CopiedValue {
  readonly from: string | undefined
  /** Every column that the value is made of. */
  readonly mentions: readonly string[]
  readonly isStar: boolean
}

export interface Copy {
  readonly source: TableName
  /** Those that are filled, when the statement names them. */
  readonly columns: readonly string[] | undefined
  readonly values: readonly CopiedValue[]
  /** Whether every row is copied. */
  readonly isWhole: boolean
}

export type Action =
  | {
      readonly does: 'create table'
      readonly table: TableName
      readonly columns: readonly ColumnDefinition[]
      readonly copy: Copy | undefined
      readonly replaces: boolean
      readonly isOptional: boolean
    }
  | { readonly does: 'drop table'; readonly table: TableName }
  | { readonly does: 'rename table'; readonly table: TableName; readonly to: TableName }
  | { readonly does: 'add column'; readonly table: TableName; readonly column: ColumnDefinition }
  | { readonly does: 'drop column'; readonly table: TableName; readonly column: string }
  | {
      readonly does: 'rename column'
      readonly table: TableName
      readonly column: string
      readonly to: string
    }
  /** MySQL: the whole definition anew. */
  | {
      readonly does: 'redefine column'
      readonly table: TableName
      readonly column: string
      readonly definition: ColumnDefinition
    }
  | {
      readonly does: 'change type'
      readonly table: TableName
      readonly column: string
      readonly type: SqlType
      readonly hasUsing: boolean
    }
  | { readonly does: 'set not null'; readonly table: TableName; readonly column: string }
  | { readonly does: 'drop not null'; readonly table: TableName; readonly column: string }
  | {
      readonly does: 'add constraint'
      readonly table: TableName
      readonly kind: ConstraintKind
      readonly name: string | undefined
      readonly isNotValid: boolean
      readonly usesIndex: boolean
      /** The column that a check keeps from being null. */
      readonly notNull: string | undefined
    }
  | { readonly does: 'validate constraint'; readonly table: TableName; readonly name: string }
  | { readonly does: 'drop primary key'; readonly table: TableName; readonly isReplaced: boolean }
  | {
      readonly does: 'create index'
      readonly table: TableName
      readonly isConcurrent: boolean
      readonly kind: 'plain' | 'unique' | 'special'
    }
  | { readonly does: 'truncate'; readonly table: TableName }
  | { readonly does: 'delete'; readonly table: TableName }
  /** Gives a column a value in every row, or in those where it had none. */
  | { readonly does: 'fill'; readonly table: TableName; readonly column: string }
  | { readonly does: 'copy'; readonly table: TableName; readonly copy: Copy }
  /** Something that the rows of a table, or of all, do not survive. */
  | { readonly does: 'discard'; readonly table: TableName | undefined; readonly what: string }
  /** Something that keeps others from a table, or from all, while it works. */
  | {
      readonly does: 'lock'
      readonly table: TableName | undefined
      readonly what: string
      readonly safer: string | undefined
    }
  | { readonly does: 'note'; readonly what: string }
