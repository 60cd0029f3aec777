/** @module What the rows have to be: the specification in the plainest way, rows in an array and no ORM. */

export const KINDS = ['Author', 'Book', 'Chapter', 'Note', 'Prize', 'Folder', 'Tag'] as const
export type Kind = (typeof KINDS)[number]

export interface Relation {
  readonly to: Kind
  readonly property: string
  /** The collection of the parent. */
  readonly inverse: string
  readonly isNullable: boolean
  /** Whether children are trashed with their parent. */
  readonly follows: boolean
}

const relation = (to: Kind, property: string, inverse: string, isNullable: boolean, follows: boolean) => ({
  to,
  property,
  inverse,
  isNullable,
  follows,
})

export const PARENTS: Readonly<Record<Kind, Relation | undefined>> = {
  Author: undefined,
  Book: relation('Author', 'author', 'books', false, true),
  Chapter: relation('Book', 'book', 'chapters', false, true),
  Note: relation('Chapter', 'chapter', 'notes', false, true),
  Prize: relation('Author', 'author', 'prizes', true, false),
  Folder: relation('Folder', 'parent', 'folders', true, true),
  Tag: undefined,
}

export interface Row {
  readonly key: number
  readonly kind: Kind
  /** What the database has called it. */
  id?: number
  word: string
  /** What is unique among live rows of the kind: the email of an author, the name of a tag. */
  readonly unique: string | null
  parent: number | null
  /** The operation that has trashed it. */
  operation: number | null
}

export interface Link {
  readonly book: number
  readonly tag: number
}

export class Ledger {
  rows: Row[] = []
  links: Link[] = []
  #keys = 0
  #operations = 0
  #words = 0

  /** @returns what brings everything back that is there now */
  remember(): () => void {
    const [rows, links] = structuredClone([this.rows, this.links] as const)
    return () => {
      this.rows = rows
      this.links = links
    }
  }

  newRow(kind: Kind, word: string, unique: string | null, parent: number | null): Row {
    return { key: ++this.#keys, kind, word, unique, parent, operation: null }
  }

  /** A word that no row has ever had. */
  newWord(): string {
    return `word ${++this.#words}`
  }

  row(key: number | null): Row | undefined {
    return this.rows.find((row) => row.key === key)
  }

  of(kind: Kind, which: 'live' | 'trashed' | 'all' = 'live'): Row[] {
    const isWanted = ({ operation }: Row) => which === 'all' || (operation === null) === (which === 'live')
    return this.rows.filter((row) => row.kind === kind && isWanted(row))
  }

  isLive(key: number | null): boolean {
    return this.row(key)?.operation === null
  }

  /** Tells whether two live rows have what only one may have; rows that are about to come or go can be given. */
  hasConflict(coming: readonly Row[], going: ReadonlySet<Row> = new Set()): boolean {
    const live = this.rows.filter((row) => row.operation === null && !going.has(row))
    const all = [...live, ...coming].filter(({ unique }) => unique !== null)
    return new Set(all.map(({ kind, unique }) => `${kind} ${unique}`)).size < all.length
  }

  /** One operation: live rows of these, and live rows that follow them, get one stamp. */
  trash(rows: readonly Row[]): Row[] {
    const operation = ++this.#operations
    const gone = withFollowers(
      rows.filter((row) => row.operation === null),
      (row) => this.rows.filter((child) => child.operation === null && follows(child, row)),
    )
    for (const row of gone) row.operation = operation
    return gone
  }

  /** What comes back with these rows: what follows them and was trashed by the same operation. */
  comingBack(rows: readonly Row[]): Row[] {
    return withFollowers(
      rows.filter((row) => row.operation !== null),
      (row) => this.rows.filter((child) => child.operation === row.operation && follows(child, row)),
    )
  }

  restore(rows: readonly Row[]): void {
    for (const row of this.comingBack(rows)) row.operation = null
  }

  /** Deletes for good, with what the database deletes by its own rules. */
  delete(rows: readonly Row[]): void {
    const gone = new Set(withFollowers(rows, (row) => this.rows.filter((child) => follows(child, row))))
    const keys = new Set([...gone].map(({ key }) => key))
    this.rows = this.rows.filter((row) => !gone.has(row))
    this.links = this.links.filter(({ book, tag }) => !keys.has(book) && !keys.has(tag))
  }
}

export function follows(child: Row, parent: Row): boolean {
  return child.parent === parent.key && PARENTS[child.kind]?.follows === true && isParentOf(child, parent)
}

function isParentOf(child: Row, parent: Row): boolean {
  return PARENTS[child.kind]?.to === parent.kind
}

export function withFollowers(rows: readonly Row[], next: (row: Row) => readonly Row[]): Row[] {
  const all = new Set(rows)
  // What is added while the set is walked is walked as well.
  for (const row of all) for (const follower of next(row)) all.add(follower)
  return [...all]
}

export function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % items.length]
}
