import { afterCommit } from 'limber'
import { fromUrl, type Session, sessionScope } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { openLibrary } from './support/library-application.ts'

const regret = new Error('regret')

/** The library, and beside it an archive with one table. */
async function open() {
  const library = await openLibrary({ connections: { archive: fromUrl('sqlite:archive.sqlite') } })
  const db = library.app.make('db')
  const archive = db.connection('archive')
  await archive.execute('create table note (text varchar(20))')
  const notes = async () => (await archive.execute('select text from note')).map(({ text }) => text)
  return { ...library, db, notes }
}

const add = (text: string) => (session: Session) =>
  session.execute('insert into note (text) values (?)', [text])

describe('a named connection', () => {
  const connection = 'archive'

  it('has the unit of work of db.transaction, outside of a scope and as a savepoint inside', async () => {
    const { app, db, notes, titles } = await open()
    await db.transaction(add('alone'), { connection })
    await app.scope(async () => {
      await db.transaction(add('kept'), { connection })
      const inner = db.transaction(
        async (session) => {
          expect(session).toBe(app.make('db.sessions').get(connection))
          await add('lost')(session)
          throw regret
        },
        { connection },
      )
      await expect(inner).rejects.toBe(regret)
      await app.make('db.session').execute('delete from book')
    })
    expect(await notes()).toEqual(['alone', 'kept'])
    expect(titles()).toEqual([])
  })

  it('has that of sessionScope', async () => {
    const { notes } = await open()
    await sessionScope(add('kept'), { connection })
    const failing = sessionScope(
      async (session) => {
        await add('lost')(session)
        throw regret
      },
      { connection },
    )
    await expect(failing).rejects.toBe(regret)
    expect(await notes()).toEqual(['kept'])
  })

  it('has those of db.parallel', async () => {
    const { db, notes } = await open()
    await db.parallel([add('a'), add('b')], { connection })
    expect((await notes()).toSorted()).toEqual(['a', 'b'])
  })

  it('is an error when it is not known', async () => {
    const { db } = await open()
    const unknown = { connection: 'archiv' }
    const error = { code: 'LIMBER_CONNECTION_NOT_FOUND', hint: expect.stringContaining('archive') }
    await expect(db.transaction(() => 1, unknown)).rejects.toMatchObject(error)
    await expect(sessionScope(() => 1, unknown)).rejects.toMatchObject(error)
    await expect(db.parallel([() => 1], unknown)).rejects.toMatchObject(error)
  })
})

describe('session.commit() by hand', () => {
  it('lets what waited for it run at the end of the scope, also when what follows is rolled back', async () => {
    const { app, notes } = await open()
    const seen: string[] = []
    const scope = app.scope(async () => {
      const session = app.make('db.sessions').get('archive')
      await add('kept')(session)
      afterCommit(() => seen.push('kept'))
      await session.commit()
      expect(seen).toEqual([])
      await add('lost')(session)
      afterCommit(() => seen.push('lost'))
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    expect(seen).toEqual(['kept'])
    expect(await notes()).toEqual(['kept'])
  })

  it('lets it wait while another connection has still to commit', async () => {
    const { app } = await open()
    const seen: string[] = []
    const scope = app.scope(async () => {
      await app.make('db.session').execute('delete from book')
      const session = app.make('db.sessions').get('archive')
      await add('kept')(session)
      afterCommit(() => seen.push('both'))
      await session.commit()
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    expect(seen).toEqual([])
  })
})

describe('an option of a transaction that is not known', () => {
  it('is refused, wherever it is given', async () => {
    const { app, db } = await open()
    const misspelt = { propagation: 'requred' as 'required' }
    const error = { code: 'LIMBER_TRANSACTION_OPTION', hint: 'Did you mean "required"?' }
    await expect(db.transaction(() => 1, misspelt)).rejects.toMatchObject(error)
    await app.scope(async () => {
      const session = app.make('db.session')
      await expect(db.transaction(() => 1, misspelt)).rejects.toMatchObject(error)
      await expect(session.transaction(() => 1, misspelt)).rejects.toMatchObject(error)
      await expect(session.transaction(() => 1, { isolation: 'very' as 'snapshot' })).rejects.toMatchObject({
        code: 'LIMBER_TRANSACTION_OPTION',
        hint: expect.stringContaining('"serializable"'),
      })
      const other = session.transaction(() => 1, { propagation: 'requires-new' as 'nested' })
      await expect(other).rejects.toMatchObject({ code: 'LIMBER_PROPAGATION' })
    })
  })
})
