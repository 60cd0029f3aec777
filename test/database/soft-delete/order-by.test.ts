import { expect } from 'vitest'
import { describePath, eachStrategy } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Author, Book, Prize } from './models.ts'

await describePath(
  'order by relations',
  eachStrategy({
    async 'keeps rows whose parent is in the trash'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        for (const order of ['asc', 'desc'] as const) {
          const found = await session.find(Book, {}, { strategy, orderBy: { author: { name: order } } })
          expect(ids(found).sort()).toEqual([1, 3])
        }
      })
    },

    async 'puts them where rows without a parent are'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const orderBy = [{ author: { name: 'asc nulls last' } }, { id: 'asc' }] as const
        const found = await session.find(Prize, {}, { strategy, orderBy: [...orderBy] })
        expect(ids(found)).toEqual([1, 2, 3])
        const first = [{ author: { name: 'asc nulls first' } }, { id: 'desc' }] as const
        const again = await session.find(Prize, {}, { strategy, orderBy: [...first], populate: ['author'] })
        expect(ids(again)).toEqual([3, 2, 1])
      })
    },

    async 'orders in the same way whatever is populated'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const orderBy = { author: { country: { name: 'asc' } } } as const
        const plain = ids(await session.find(Book, {}, { strategy, orderBy }))
        session.clear()
        const populated = await session.find(
          Book,
          {},
          { strategy, orderBy, populate: ['author.country', 'tags'] },
        )
        expect(ids(populated)).toEqual(plain)
      })
    },

    async 'does not show what is in the trash to an order through collections'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const found = await session.find(Author, {}, { strategy, orderBy: { books: { pages: 'desc' } } })
        expect(ids(found)).toEqual([1])
        const mary = await session.findOneOrFail(Author, 1, {
          strategy,
          populate: ['books'],
          orderBy: { books: { pages: 'desc' } },
        })
        expect(ids(mary.books.getItems())).toEqual([1])
      })
    },
  }),
)
