import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Author } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

test.each([0, 2, 4])(
  'nested transactions at once never undo what another one has kept when number %i fails',
  async (failing) => {
    const { app, rows } = await openLibrary()
    const outcomes = await app.scope(() => {
      const session = app.make('db.session')
      const work = [0, 1, 2, 3, 4].map((number) =>
        session.transactional(async (inner) => {
          inner.create(Author, { name: `author ${number}` })
          await inner.flush()
          await turn()
          if (number === failing) throw new Error('no')
        }),
      )
      return Promise.allSettled(work)
    })
    const kept = outcomes.flatMap(({ status }, number) =>
      status === 'fulfilled' ? [`author ${number}`] : [],
    )
    // One transaction of a session at a time: the others are told so instead of being undone with it.
    const refused = outcomes.filter(
      (outcome) => outcome.status === 'rejected' && outcome.reason.message !== 'no',
    )
    for (const outcome of refused)
      expect(outcome).toMatchObject({ reason: { code: 'LIMBER_OVERLAPPING_WORK' } })
    expect(rows('select name from author where id > 1 order by name').map((row) => row.name)).toEqual(kept)
  },
)
