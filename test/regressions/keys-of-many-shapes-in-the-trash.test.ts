/** Entities with keys of a type of their own, or with keys in their keys, did not show that a statement had trashed their rows. */
import { Type } from '@mikro-orm/core'
import { isTrashed, KeyedModel, Model } from 'limber/database'
import {
  Collection,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  PrimaryKeyProp,
  Property,
  type Ref,
  types,
} from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, openWorld, type World } from '../database/soft-delete/world.ts'

/** `T7` in memory, 7 in the row. */
class Ticket extends Type<string, number> {
  override convertToDatabaseValue(value: string) {
    return Number(value.replace('T', ''))
  }
  override convertToJSValue(value: number) {
    return `T${value}`
  }
  override getColumnType() {
    return 'int'
  }
}

@Entity()
class Claim extends KeyedModel {
  static override softDelete = true
  declare [PrimaryKeyProp]?: 'ticket'

  @PrimaryKey({ type: Ticket })
  ticket!: string

  @Property()
  text!: string
}

@Entity()
class Letter extends Model {
  @ManyToOne(() => Claim, { ref: true, nullable: true })
  claim?: Ref<Claim> | null
}

@Entity()
class Sheet extends KeyedModel {
  static override softDelete = true
  declare [PrimaryKeyProp]?: ['atlas', 'page']

  @PrimaryKey({ type: types.string, length: 20 })
  atlas!: string

  @PrimaryKey({ type: types.integer })
  page!: number

  @OneToMany(
    () => Square,
    (square) => square.sheet,
  )
  squares = new Collection<Square>(this)
}

@Entity()
class Square extends KeyedModel {
  static override softDelete = true
  declare [PrimaryKeyProp]?: ['sheet', 'number']

  @ManyToOne(() => Sheet, { ref: true, primary: true, deleteRule: 'cascade' })
  sheet!: Ref<Sheet>

  @PrimaryKey({ type: types.integer })
  number!: number
}

for (const database of await databases()) {
  describe(`keys of many shapes on ${database.title}`, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(database, [Claim, Letter, Sheet, Square])
    })
    beforeEach(async () => {
      await world.clear()
      await world.scope((session) => {
        session.create(Letter, { claim: session.create(Claim, { ticket: 'T7', text: 'lost' }) })
        session.create(Square, { sheet: session.create(Sheet, { atlas: 'north', page: 1 }), number: 3 })
      })
    })
    afterAll(() => world[Symbol.asyncDispose]())

    it('show that a statement has trashed a row whose key has a type of its own, and that it is back', async () => {
      await world.scope(async (session) => {
        const claim = await session.findOneOrFail(Claim, 'T7')
        await session.nativeDelete(Claim, {})
        expect(isTrashed(claim)).toBe(true)
        expect(await session.findOne(Claim, 'T7')).toBeNull()
        const [letter] = await session.find(Letter, {}, { populate: ['claim'] })
        expect(letter?.claim).toBeNull()
        expect(await session.restore(claim)).toBe(true)
        expect(isTrashed(claim)).toBe(false)
        expect(letter?.claim?.$).toBe(claim)
      })
    })

    it('show what has become of rows that follow, when their key has a key in it', async () => {
      await world.scope(async (session) => {
        const sheet = await session.findOneOrFail(Sheet, { page: 1 }, { populate: ['squares'] })
        const squares = sheet.squares.getItems()
        await session.nativeDelete(Sheet, {})
        expect([sheet, ...squares].map(isTrashed)).toEqual([true, true])
        await session.restore(sheet)
        expect([sheet, ...squares].map(isTrashed)).toEqual([false, false])
        await session.nativeDelete(Square, { number: 3 })
        expect(squares.map(isTrashed)).toEqual([true])
        expect(sheet.squares).toHaveLength(0)
      })
    })
  })
}
