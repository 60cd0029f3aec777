import { expect } from 'vitest'
import { describePath, eachStrategy } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Book } from './models.ts'

await describePath(
  'session.findByCursor()',
  eachStrategy({
    async 'goes through live rows, forwards and backwards'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const where = { where: {}, populate: ['author'], strategy, orderBy: { id: 'asc' } } as const
        const first = await session.findByCursor(Book, { ...where, first: 1 })
        expect([ids(first.items), first.totalCount, first.hasNextPage]).toEqual([[1], 2, true])
        const next = await session.findByCursor(Book, { ...where, first: 1, after: first })
        expect([ids(next.items), next.hasNextPage]).toEqual([[3], false])
        expect(next.items[0]?.author).toBeNull()
        const back = await session.findByCursor(Book, { ...where, last: 1, before: next })
        expect(ids(back.items)).toEqual([1])
      })
    },

    async 'goes through all of them, or the trash, when it is asked to'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const options = { first: 5, strategy, orderBy: { id: 'asc' } } as const
        const all = await session.findByCursor(Book, { ...options, where: {}, withTrashed: true })
        expect([ids(all.items), all.totalCount]).toEqual([[1, 2, 3], 3])
        const trash = await session.findByCursor(Book, { ...options, where: {}, onlyTrashed: true })
        expect([ids(trash.items), trash.totalCount]).toEqual([[2], 1])
      })
    },

    async 'goes by the name of a parent, also where that is in the trash'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const found = await session.findByCursor(Book, {
          where: {},
          first: 5,
          strategy,
          orderBy: [{ author: { name: 'asc' } }, { id: 'asc' }],
        })
        expect([ids(found.items).sort(), found.totalCount]).toEqual([[1, 3], 2])
      })
    },
  }),
)
