import type { Session } from 'limber/database'
import { afterEach, expect, vi } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, plant, publish, stampsIn } from './house.ts'
import { Author, Book, Chapter, Folder, Note } from './models.ts'
import type { World } from './world.ts'

afterEach(() => vi.useRealTimers())

/** Trashes a row as another process would, whose clock shows the time of the next operation of this one. */
async function collide({ sql, scope, dialect }: World, table: string, id: number): Promise<void> {
  const next = await scope(async (session) => {
    const probe = session.create(Note, { text: 'probe', chapter: session.getReference(Chapter, 8) as never })
    await session.flush()
    session.remove(probe)
    await session.flush()
    return new Date(Number(Reflect.get(probe, 'deletedAt')) + 1)
  })
  vi.useFakeTimers({ now: next.getTime() - 1, toFake: ['Date'] })
  const value = dialect === 'sqlite' ? next.getTime() : dialect === 'postgres' ? next.toISOString() : next
  await sql(`update ${table} set deleted_at = ? where id = ?`, [value, id])
}

const restoring = async (
  world: World,
  trash: (session: Session) => Promise<unknown>,
  restore: (session: Session) => Promise<unknown>,
) => {
  await world.scope(trash)
  await world.scope(restore)
}

await describePath('session.restore()', {
  async 'tells two operations of one moment apart, while the clock stands still'(world) {
    await publish(world)
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
    await world.scope((session) => session.nativeDelete(Note, 1))
    await world.scope((session) => session.nativeDelete(Chapter, 1))
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Book, 1)))
    expect(await stampsIn(world, 'book', 'chapter', 'note')).toHaveLength(3)
    await world.scope((session) => session.restore(Book, { id: 1 }))
    expect(await world.trashed('chapter')).toEqual([1])
    expect(await world.trashed('note')).toEqual([1])
  },

  async 'and when the clock goes back'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, 1))
    vi.useFakeTimers({ now: Date.now() - 60_000, toFake: ['Date'] })
    await world.scope((session) => session.nativeDelete(Book, 1))
    await world.scope((session) => session.restore(Book, { id: 1 }))
    expect(await world.trashed('note')).toEqual([1])
  },

  async 'leaves a child that another process has trashed in the same moment: session.remove'(world) {
    await publish(world)
    await collide(world, 'note', 1)
    await restoring(
      world,
      async (session) => session.remove(await session.findOneOrFail(Author, 1)),
      (session) => session.restore(Author, { id: 1 }),
    )
    expect(await world.trashed('note')).toContain(1)
    expect(await countTrashed(world, 'author', 'book', 'chapter')).toEqual([0, 0, 0])
  },

  async 'leaves a child that another process has trashed in the same moment: nativeDelete'(world) {
    await publish(world)
    await collide(world, 'chapter', 1)
    await restoring(
      world,
      (session) => session.nativeDelete(Book, { id: 1 }),
      (session) => session.restore(Book, { id: 1 }),
    )
    expect(await world.trashed('chapter')).toEqual([1])
  },

  async 'leaves a child that another process has trashed in the same moment: delete() of a query builder'(
    world,
  ) {
    await publish(world)
    await collide(world, 'chapter', 1)
    await restoring(
      world,
      (session) => session.createQueryBuilder(Book).delete({ title: 'Mary First' }).execute(),
      (session) => session.restore(Book, { id: 1 }),
    )
    expect(await world.trashed('chapter')).toEqual([1])
  },

  async 'leaves it as well where the query builder names some rows of many'(world) {
    await publish(world)
    await collide(world, 'chapter', 1)
    await restoring(
      world,
      (session) =>
        session
          .createQueryBuilder(Book, 'b')
          .delete({ author: { name: 'Mary' } })
          .orderBy({ title: 'asc' })
          .limit(1)
          .execute(),
      (session) => session.restore(Book, {}),
    )
    expect(await world.live('book')).toEqual([1, 2, 3, 4])
    expect(await world.trashed('chapter')).toEqual([1])
  },

  async 'of a parent that another process has trashed in the same moment leaves the child'(world) {
    await publish(world)
    await collide(world, 'book', 1)
    await restoring(
      world,
      async (session) => session.remove(await session.findOneOrFail(Chapter, 1)),
      (session) => session.restore(Book, { id: 1 }),
    )
    expect(await world.trashed('book')).toEqual([])
    expect(await world.trashed('chapter')).toEqual([1])
  },

  async 'tells them apart inside a tree'(world) {
    await publish(world)
    await plant(world)
    const [leaf] = await world.sql("select id from folder where name = 'leaf'")
    await collide(world, 'folder', Number(leaf?.id))
    await restoring(
      world,
      (session) => session.nativeDelete(Folder, { name: 'root' }),
      (session) => session.restore(Folder, { name: 'root' }),
    )
    expect(await world.trashed('folder', 'name')).toEqual(['leaf'])
  },

  async 'tells them apart where folders hold each other'(world) {
    await plant(world)
    await world.sql("update folder set parent_id = 5 where name = 'root'")
    await restoring(
      world,
      (session) => session.nativeDelete(Folder, { name: 'a' }),
      (session) => session.restore(Folder, { name: 'a' }),
    )
    expect(await world.trashed('folder')).toEqual([])
  },
})
