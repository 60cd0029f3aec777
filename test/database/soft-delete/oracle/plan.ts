/** @module What the next flush has to do to the rows. */
import { type Ledger, type Link, PARENTS, type Row, withFollowers } from './ledger.ts'

export class Plan {
  readonly #ledger: Ledger
  readonly #created: Row[] = []
  readonly #words = new Map<Row, string>()
  readonly #moves = new Map<Row, number | null>()
  readonly #removed = new Set<Row>()
  /** Those that were removed without having been read. */
  readonly #unread = new Set<Row>()
  readonly #links: (Link & { readonly isThere: boolean })[] = []

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  create(row: Row): void {
    this.#created.push(row)
  }

  rename(row: Row, word: string): void {
    this.#words.set(row, word)
  }

  move(row: Row, parent: number | null): void {
    this.#moves.set(row, parent)
  }

  link(book: Row, tag: Row, isThere: boolean): void {
    this.#links.push({ book: book.key, tag: tag.key, isThere })
  }

  remove(row: Row, isRead: boolean): void {
    this.#removed.add(row)
    if (!isRead) this.#unread.add(row)
  }

  isRemoved(row: Row): boolean {
    return this.#removed.has(row)
  }

  hasLink(book: Row, tag: Row): boolean {
    return this.#links.some((link) => link.book === book.key && link.tag === tag.key)
  }

  /** Whether the row is about to be trashed. */
  isDoomed(row: Row | undefined): boolean {
    return row !== undefined && this.#goingWith([...this.#removed]).includes(row)
  }

  /** Whether the specification leaves open what becomes of other work when this row is removed in the same flush. */
  isEntangled(row: Row): boolean {
    const others = this.#goingWith([row]).filter((other) => other !== row || this.#created.includes(row))
    const isTouched = (other: Row) =>
      this.#created.includes(other) || this.#words.has(other) || this.#moves.has(other)
    const isLinked = ({ book, tag }: Link) => [row, ...others].some(({ key }) => key === book || key === tag)
    return others.some(isTouched) || this.#links.some(isLinked)
  }

  /** Whether a row comes whose unique value is that of one that goes unread: its value nobody can know. */
  takesUnreadPlace(unique: string | null): boolean {
    return unique !== null && [...this.#unread].some((row) => row.unique === unique)
  }

  hasCreated(unique: string | null): boolean {
    return unique !== null && this.#created.some((row) => row.unique === unique)
  }

  get hasConflict(): boolean {
    return this.#ledger.hasConflict(this.#created, new Set(this.#goingWith([...this.#removed])))
  }

  carryOut(): void {
    const ledger = this.#ledger
    ledger.rows.push(...this.#created)
    // What was changed of a row that goes is dropped.
    for (const [row, word] of this.#words) if (!this.#removed.has(row)) row.word = word
    for (const [row, parent] of this.#moves) if (!this.#removed.has(row)) row.parent = parent
    for (const { book, tag, isThere } of this.#links) {
      ledger.links = ledger.links.filter((link) => link.book !== book || link.tag !== tag)
      if (isThere) ledger.links.push({ book, tag })
    }
    if (this.#removed.size > 0) ledger.trash([...this.#removed])
    this.forget()
  }

  forget(): void {
    this.#created.length = 0
    this.#links.length = 0
    for (const work of [this.#words, this.#moves, this.#removed, this.#unread]) work.clear()
  }

  /** Live rows with those that follow them where they are about to be. */
  #goingWith(rows: readonly Row[]): Row[] {
    const all = [...this.#ledger.rows, ...this.#created]
    const parent = (row: Row) => (this.#moves.has(row) ? this.#moves.get(row) : row.parent)
    return withFollowers(
      rows.filter(({ operation }) => operation === null),
      ({ key, kind }) =>
        all.filter((child) => {
          const { to, follows } = PARENTS[child.kind] ?? {}
          return child.operation === null && follows === true && to === kind && parent(child) === key
        }),
    )
  }
}
