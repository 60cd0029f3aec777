import { isTrashed, type Session } from 'limber/database'
import { beforeEach, expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Letter } from './models.ts'
import type { World } from './world.ts'

const write = async ({ scope }: World, ...texts: string[]) => {
  await scope((session) => {
    const writer = session.create(Author, { name: 'Mary' })
    for (const text of texts) session.create(Letter, { text, writer })
  })
}

/** What the hooks have said during some work. */
async function heard({ scope }: World, work: (session: Session) => unknown): Promise<string[]> {
  Letter.heard.length = 0
  await scope(async (session) => void (await work(session)))
  return [...Letter.heard]
}

beforeEach(() => {
  Letter.heard.length = 0
})

await describePath('lifecycle hooks', {
  async 'of a delete run for what is removed, those of updates do not'(world) {
    await write(world, 'a')
    const said = await heard(world, async (session) => session.remove(await session.findOneOrFail(Letter, 1)))
    expect(said).toEqual(['beforeDelete a', 'afterDelete a'])
    expect(await world.trashed('letter')).toEqual([1])
  },

  async 'run once for each of many, all before the first statement and after it'(world) {
    await write(world, 'a', 'b')
    const said = await heard(world, async (session) => {
      for (const letter of await session.find(Letter, {}, { orderBy: { id: 'asc' } })) session.remove(letter)
    })
    expect(said).toEqual(['beforeDelete a', 'beforeDelete b', 'afterDelete a', 'afterDelete b'])
  },

  async 'run for none when nothing is removed, or it was before'(world) {
    await write(world, 'a')
    const said = await heard(world, async (session) => {
      const letter = await session.findOneOrFail(Letter, 1)
      session.remove(letter)
      await session.flush()
      Letter.heard.length = 0
      session.remove(letter)
      await session.flush()
    })
    expect(said).toEqual([])
  },

  async 'do not run for what follows by its foreign key, nor for a delete by condition'(world) {
    await write(world, 'a')
    expect(
      await heard(world, async (session) => session.remove(await session.findOneOrFail(Author, 1))),
    ).toEqual([])
    expect(await world.trashed('letter')).toEqual([1])
    await world.scope((session) => session.restore(Author, {}))
    expect(await heard(world, (session) => session.nativeDelete(Letter, {}))).toEqual([])
  },

  async 'do not run for a restore'(world) {
    await write(world, 'a')
    await world.scope((session) => session.nativeDelete(Letter, {}))
    const said = await heard(world, async (session) =>
      session.restore(await session.findOneOrFail(Letter, 1, { withTrashed: true })),
    )
    expect(said).toEqual([])
  },

  async 'of a delete run for a forced one as well'(world) {
    await write(world, 'a')
    const said = await heard(world, async (session) =>
      session.forceRemove(await session.findOneOrFail(Letter, 1)),
    )
    expect(said).toEqual(['beforeDelete a', 'afterDelete a'])
    expect(await world.sql('select id from letter')).toEqual([])
  },

  async 'see the entity live before, and in the trash after'(world) {
    await write(world, 'a')
    const states: boolean[] = []
    let isOver = false
    await world.scope(async (session) => {
      const subscriber = {
        getSubscribedEntities: () => [Letter],
        beforeDelete: ({ entity }: { entity: object }) => void (isOver || states.push(isTrashed(entity))),
        afterDelete: ({ entity }: { entity: object }) => void (isOver || states.push(isTrashed(entity))),
      }
      session.getEventManager().registerSubscriber(subscriber)
      session.remove(await session.findOneOrFail(Letter, 1))
      await session.flush()
      isOver = true
    })
    expect(states).toEqual([false, true])
  },

  async 'that throw leave nothing in the trash'(world) {
    await write(world, 'a', 'dear')
    await using session = world.app.make('db').openSession()
    const letters = await session.find(Letter, {}, { orderBy: { id: 'asc' } })
    for (const letter of letters) session.remove(letter)
    await expect(session.flush()).rejects.toThrow('not this one')
    expect(await world.trashed('letter')).toEqual([])
    expect(letters.map(isTrashed)).toEqual([false, false])
  },
})
