import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from '../database/soft-delete/describe-path.ts'
import { Tag } from '../database/soft-delete/models.ts'

await describePath('session.restore()', {
  async 'of what was removed without being read shows that it is back'({ scope }) {
    await scope((session) => void session.create(Tag, { name: 'classic' }))
    await scope(async (session) => {
      session.remove(session.getReference(Tag, 1))
      await session.flush()
      expect(await session.restore(Tag, { id: 1 })).toBe(1)
      const tag = await session.findOneOrFail(Tag, 1)
      expect([isTrashed(tag), tag.name]).toEqual([false, 'classic'])
    })
  },
})
