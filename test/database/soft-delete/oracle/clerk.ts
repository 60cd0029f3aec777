/** @module Takes random steps in a session, and does the same in the ledger. */
import { helper } from '@mikro-orm/core'
import { type Session, UniqueViolationError } from 'limber/database'
import { ref } from 'limber/database/mapping'
import { expect } from 'vitest'
import { takeAtOnce } from './at-once.ts'
import { collectionOf, entityOf, MODELS, type Thing, WORDS } from './house.ts'
import { type Ledger, PARENTS, pick, type Row } from './ledger.ts'
import { expectLook, load } from './looks.ts'
import { Plan } from './plan.ts'
import type { PlainStep, Step } from './steps.ts'
import { expectMemory, expectRows, type Stamps } from './truth.ts'

/** What undoes a unit of work on purpose. */
export const regret = new Error('regret')

export class Clerk {
  readonly #session: Session
  readonly #ledger: Ledger
  readonly #plan: Plan
  readonly #stamps: Stamps
  /** Rows that were created since the last flush, which the database has not given a number yet. */
  readonly #unnumbered = new Map<Row, Thing>()

  #readFirst: readonly object[] | undefined

  constructor(session: Session, ledger: Ledger, stamps: Stamps) {
    this.#session = session
    this.#ledger = ledger
    this.#stamps = stamps
    this.#plan = new Plan(ledger)
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'nested') await this.#nest(step)
      else await this.#take(step)
    }
  }

  /** @param flush another way to say so */
  async flush(flush: () => Promise<unknown> = () => this.#session.flush()): Promise<void> {
    await this.#flush(flush)
    await this.check()
  }

  /** Called when a flush has been made by somebody else. */
  carriedOut(): void {
    this.#plan.carryOut()
    for (const [row, entity] of this.#unnumbered) row.id = entity.id
    this.#unnumbered.clear()
  }

  get expectsConflict(): boolean {
    return this.#plan.hasConflict
  }

  /** What was read before anything was written: nothing of it comes from work that may be undone. */
  get readFirst(): readonly object[] {
    return this.#readFirst ?? []
  }

  async check(): Promise<void> {
    await expectRows(this.#ledger, (sql) => this.#session.execute(sql), this.#stamps)
    expectMemory(this.#ledger, this.#session)
  }

  async #flush(flush: () => Promise<unknown>): Promise<void> {
    // A reference may be read later, with what is undone: it says nothing yet.
    this.#readFirst ??= this.#session
      .getUnitOfWork(false)
      .getIdentityMap()
      .values()
      .filter((entity) => helper(entity).__initialized)
    if (this.#plan.hasConflict) {
      await expect(flush()).rejects.toBeInstanceOf(UniqueViolationError)
      throw regret
    }
    await flush()
    this.carriedOut()
  }

  async #nest({ steps, fails }: Step & { do: 'nested' }): Promise<void> {
    await this.flush()
    const undo = this.#ledger.remember()
    const work = async () => {
      await this.run(steps)
      if (fails) throw regret
      await this.flush()
    }
    try {
      await this.#session.transaction(work)
    } catch (error) {
      if (error !== regret) throw error
      undo()
      this.#plan.forget()
      this.#unnumbered.clear()
      await this.check()
    }
  }

  async #take(step: PlainStep): Promise<void> {
    const ledger = this.#ledger
    if (step.do === 'flush') await this.flush()
    else if (step.do === 'create') await this.#create(step)
    else if (step.do === 'rename') await this.#rename(pick(ledger.rows, step.row))
    else if (step.do === 'move') await this.#move(step)
    else if (step.do === 'remove') await this.#remove(pick(ledger.rows, step.row), step.as)
    else if (step.do === 'link' || step.do === 'unlink') await this.#link(step)
    else {
      await this.flush()
      if (step.do === 'clear') this.#session.clear()
      else if (step.do === 'look') await expectLook(this.#session, ledger, step.kind)
      else if (step.do === 'load') await load(this.#session, step.kind, step.relations)
      else await takeAtOnce(this.#session, ledger, step, this.#ledger.newWord())
      await this.check()
    }
  }

  async #create({ kind, parent, unique }: PlainStep & { do: 'create' }): Promise<void> {
    const { to, property } = PARENTS[kind] ?? {}
    const above = to && pick(this.#ledger.of(to, 'all'), parent)
    if (to && !above) return
    // Most authors have no email; names of tags are few.
    const own =
      kind === 'Tag' ? `tag ${unique % 4}` : kind === 'Author' && unique < 3 ? `email ${unique}` : null
    if (this.#plan.isDoomed(above) || this.#plan.takesUnreadPlace(own) || this.#plan.hasCreated(own))
      await this.flush()
    const word = kind === 'Tag' ? String(own) : this.#ledger.newWord()
    const row = this.#ledger.newRow(kind, word, own, above?.key ?? null)
    const values: Record<string, unknown> = { [WORDS[kind]]: word }
    if (kind === 'Author') values.email = own
    if (property && above) values[property] = await entityOf(this.#session, above)
    // The keys are those of the model, by `WORDS` and `PARENTS`.
    const entity = this.#session.create(MODELS[kind], values as never)
    this.#plan.create(row)
    this.#unnumbered.set(row, entity)
  }

  async #rename(row: Row | undefined): Promise<void> {
    if (!row || row.kind === 'Tag') return
    if (this.#plan.isDoomed(row) && !this.#plan.isRemoved(row)) await this.flush()
    const word = this.#ledger.newWord()
    Reflect.set(await entityOf(this.#session, row), WORDS[row.kind], word)
    this.#plan.rename(row, word)
  }

  async #move({ row: index, parent, by }: PlainStep & { do: 'move' }): Promise<void> {
    const row = pick(this.#ledger.rows, index)
    const relation = row && PARENTS[row.kind]
    if (!relation) return
    const target = parent === null ? undefined : pick(this.#ledger.of(relation.to, 'all'), parent)
    if (!target && !relation.isNullable) return
    // What reads as null already is no change.
    if (!target && !this.#ledger.isLive(row.parent)) return
    if (this.#plan.isDoomed(row) || this.#plan.isDoomed(target)) await this.flush()
    const entity = await entityOf(this.#session, row)
    const above = target && (await entityOf(this.#session, target))
    if (above && by === 'collection' && target.operation === null && row.operation === null)
      collectionOf(above, relation.inverse).add(entity)
    else Reflect.set(entity, relation.property, above ? ref(above) : null)
    this.#plan.move(row, target?.key ?? null)
    if (row.operation === null) return
    // It is in the collection of its new parent now, since somebody has put it there.
    await this.#flush(() => this.#session.flush())
    this.#session.clear()
    await this.check()
  }

  async #remove(row: Row | undefined, as: 'entity' | 'reference' | 'destroy'): Promise<void> {
    if (!row) return
    if (this.#plan.isEntangled(row)) await this.flush()
    const known = this.#session.getUnitOfWork(false).getById<Thing>(MODELS[row.kind], Number(row.id))
    // A reference does not say what it had: whoever takes its place has to come later.
    const isKnown = known && helper(known).__initialized
    const isRead = as !== 'reference' || isKnown || this.#plan.hasCreated(row.unique)
    const entity = isRead
      ? await entityOf(this.#session, row)
      : this.#session.getReference(MODELS[row.kind], Number(row.id))
    // What is in the trash stays as it is. A reference does not tell, and what is changed of it after its removal is dropped.
    if (row.operation === null || !isRead) this.#plan.remove(row, isRead)
    if (as === 'destroy') await this.flush(() => entity.destroy())
    else this.#session.remove(entity)
  }

  async #link({ do: what, book: b, tag: t, isLoaded }: PlainStep & { do: 'link' | 'unlink' }): Promise<void> {
    const book = pick(this.#ledger.of('Book'), b)
    const tag = pick(this.#ledger.of('Tag'), t)
    if (!book || !tag) return
    if (this.#plan.isDoomed(book) || this.#plan.isDoomed(tag) || this.#plan.hasLink(book, tag))
      await this.flush()
    const isThere = this.#ledger.links.some((link) => link.book === book.key && link.tag === tag.key)
    if (isThere === (what === 'link')) return
    if (!this.#ledger.isLive(book.key) || !this.#ledger.isLive(tag.key)) return
    const tags = collectionOf(await entityOf(this.#session, book), 'tags')
    const entity = await entityOf(this.#session, tag)
    if ((isLoaded || what === 'unlink') && !tags.isInitialized()) {
      // The ORM forgets what was taken out of other collections meanwhile.
      await this.flush()
      await tags.loadItems()
    }
    if (what === 'link') tags.add(entity)
    else tags.remove(entity)
    this.#plan.link(book, tag, what === 'link')
  }
}
