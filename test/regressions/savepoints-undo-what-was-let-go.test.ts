import { Model } from 'limber/database'
import {
  Collection,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToMany,
  Property,
  type Ref,
} from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Entity()
class Painting extends Model {
  @Property()
  title!: string

  @ManyToMany(() => Colour)
  colours = new Collection<Colour>(this)
}

@Entity()
class Colour extends Model {
  @Property()
  name!: string
}

const regret = new Error('regret')

async function openStudio() {
  const { app, connection, rows } = await openLibrary({ models: [Painting, Colour] })
  await connection.execute("insert into painting (id, title) values (1, 'first')")
  await connection.execute("insert into colour (id, name) values (1, 'red'), (2, 'blue')")
  await connection.execute('insert into painting_colours (painting_id, colour_id) values (1, 1)')
  const undone = async (work: () => Promise<unknown>) => {
    const nested = app.make('db').transaction(async () => {
      await work()
      throw regret
    })
    await expect(nested).rejects.toBe(regret)
  }
  return { app, rows, undone }
}

test('an edit that was flushed and let go of by clear() is undone with its transaction', async () => {
  const { app, rows, undone } = await openStudio()
  await app.scope(async () => {
    const session = app.make('db.session')
    await undone(async () => {
      const painting = await session.findOneOrFail(Painting, 1)
      painting.title = 'second'
      await session.flush()
      session.clear()
    })
    expect(await session.findOneOrFail(Painting, 1)).toMatchObject({ title: 'first' })
  })
  expect(rows('select title from painting')).toEqual([{ title: 'first' }])
})

test.each(['added to', 'taken out of'])(
  'what was %s a collection that was read in a transaction is undone with it',
  async (change) => {
    const { app, rows, undone } = await openStudio()
    await app.scope(async () => {
      const session = app.make('db.session')
      await undone(async () => {
        const painting = await session.findOneOrFail(Painting, 1)
        if (change === 'added to') painting.colours.add(session.getReference(Colour, 2))
        else painting.colours.remove((await painting.colours.loadItems())[0] as Colour)
      })
    })
    expect(rows('select colour_id from painting_colours')).toEqual([{ colour_id: 1 }])
  },
)

test('an entity that was let go of does not take the place of the one that was read since', async () => {
  const { app, rows, undone } = await openStudio()
  await app.scope(async () => {
    const session = app.make('db.session')
    let known: Painting | undefined
    await undone(async () => {
      const painting = await session.findOneOrFail(Painting, 1)
      painting.title = 'second'
      session.remove(session.create(Colour, { name: 'green' }))
      await session.flush()
      session.clear()
      known = await session.findOneOrFail(Painting, 1, { populate: ['colours'] })
      known.colours.removeAll()
    })
    expect(await session.findOne(Painting, 1)).toBe(known)
    expect(known).toMatchObject({ title: 'first' })
  })
  expect(rows('select title from painting')).toEqual([{ title: 'first' }])
  expect(rows('select colour_id from painting_colours')).toEqual([{ colour_id: 1 }])
})

@Entity()
class Drawer extends Model {
  @OneToMany(
    () => Sketch,
    (sketch) => sketch.drawer,
  )
  sketches = new Collection<Sketch>(this)
}

@Entity()
class Sketch extends Model {
  static override softDelete = true

  @ManyToOne(() => Drawer, { ref: true })
  drawer!: Ref<Drawer>
}

test('what was trashed before a transaction does not come back into collections when it is undone', async () => {
  const { app, connection } = await openLibrary({ models: [Drawer, Sketch] })
  await connection.execute('insert into drawer (id) values (1)')
  await connection.execute('insert into sketch (id, drawer_id) values (1, 1)')
  await app.scope(async () => {
    const session = app.make('db.session')
    const drawer = await session.findOneOrFail(Drawer, 1, { populate: ['sketches'] })
    session.remove(drawer.sketches[0] as Sketch)
    await session.flush()
    const nested = app.make('db').transaction(() => {
      session.clear()
      throw regret
    })
    await expect(nested).rejects.toBe(regret)
    expect(drawer.sketches.getItems()).toEqual([])
  })
})
