/** @module The models that every history begins with: parents, children, a tree, and rows in the trash. */
import type { Column, Key, State, Table } from './description.ts'

type Plain = Omit<Column, 'identity' | 'relation'>
type Written = Plain & { readonly to?: readonly [string, NonNullable<Column['relation']>['rule']] }

const column = (name: string, type: Column['type'], more: Partial<Written> = {}): Written => ({
  name,
  type,
  nullable: false,
  ...more,
})
const relation = (
  name: string,
  target: string,
  rule: NonNullable<Column['relation']>['rule'],
  nullable = false,
) => column(name, 'integer', { nullable, to: [target, rule] })

interface WrittenTable {
  readonly name: string
  readonly columns: readonly Written[]
  readonly unique?: readonly string[]
  readonly index?: readonly string[]
}

const STAMP: Written = { name: 'deleted_at', type: 'datetime', nullable: true, isStamp: true }

const TABLES: readonly WrittenTable[] = [
  {
    name: 'shelf',
    columns: [
      column('label', 'string'),
      column('about', 'text', { nullable: true }),
      column('count', 'integer', { default: 0 }),
      column('size', 'short', { nullable: true, default: "it's" }),
      column('open', 'boolean', { default: true }),
    ],
    unique: ['label'],
    index: ['count'],
  },
  {
    name: 'tag',
    columns: [
      column('word', 'string'),
      column('weight', 'bigint', { nullable: true }),
      relation('above_id', 'tag', 'set null', true),
      STAMP,
    ],
    unique: ['word'],
  },
  {
    name: 'book',
    columns: [
      column('title', 'string'),
      column('price', 'decimal', { nullable: true }),
      column('pages', 'integer', { nullable: true, default: 1 }),
      relation('shelf_id', 'shelf', 'cascade'),
      relation('tag_id', 'tag', 'set null', true),
    ],
    unique: ['shelf_id,title'],
    index: ['title'],
  },
  {
    name: 'page',
    columns: [
      column('number', 'integer'),
      column('scale', 'double', { nullable: true, default: 1.5 }),
      column('printed', 'datetime', { nullable: true }),
      relation('book_id', 'book', 'cascade'),
    ],
    index: ['number,scale'],
  },
  {
    name: 'mark',
    columns: [column('stars', 'integer', { nullable: true }), relation('page_id', 'page', 'restrict', true)],
  },
]

export function initialState(): State {
  const state: State = { tables: [], next: 1 }
  const identities = new Map(TABLES.map(({ name }) => [name, state.next++]))
  for (const { name, columns: written, unique = [], index = [] } of TABLES) {
    const columns = written.map(({ to, ...plain }): Column => {
      const made = { identity: state.next++, ...plain }
      return to ? { ...made, relation: { target: identities.get(to[0]) ?? 0, rule: to[1] } } : made
    })
    const keys = [
      ...unique.map((names) => keyOf(columns, names, true)),
      ...index.map((names) => keyOf(columns, names, false)),
    ]
    const table: Table = { identity: identities.get(name) ?? 0, name, columns, keys, rows: [] }
    state.tables.push(table)
  }
  return state
}

function keyOf(columns: readonly Column[], names: string, unique: boolean): Key {
  const identities = names.split(',').map((name) => columns.find((each) => each.name === name)?.identity ?? 0)
  return { columns: identities, unique }
}
