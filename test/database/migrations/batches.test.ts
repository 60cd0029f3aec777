import { expect, it, onTestFinished } from 'vitest'
import { succeed } from '../support/library-application.ts'
import { APART, execute, migration, type Place, places, writeHoldUp } from './place.ts'

const BOOKS = '20260101000001_books'
const FILL = '20260101000002_fill'
const ROWS = 25

/** Each book counts how often it was filled. */
const CREATE = migration(
  'Books',
  `${execute('create table book (id integer primary key, isbn varchar(20), filled integer not null)')}
    for (let id = 1; id <= ${ROWS}; id++)
      await this.execute('insert into book values (?, ?, 0)', [id * 2, id === 3 ? 'known' : null])`,
)

const fill = (options: string, more = '') =>
  `const count = await this.batches(${options}, async (rows) => {
      for (const { id } of rows)
        await this.execute("update book set filled = filled + 1, isbn = 'made' where id = ?", [id])
      ${more}
    })
    await this.execute('insert into book values (1000, ?, 1)', [String(count)])`

const OPTIONS =
  "{ table: 'book', key: 'id', where: 'isbn is null or isbn = ?', parameters: ['made'], size: 10 }"

async function bookPlace(create: () => Promise<Place>, up: string, more = APART): Promise<Place> {
  const place = await create()
  writeHoldUp(place)
  place.write({ [BOOKS]: CREATE, [FILL]: migration('Fill', up, more) })
  return place
}

const filled = async (place: Place) =>
  (
    await place.rows('select filled, count(*) as n from book where id < 1000 group by filled order by filled')
  ).map(({ filled, n }) => `${n} × ${filled}`)

const HOLD = 'if (rows.some(({ id }) => id === 30)) await holdUp()'

for (const { title, create } of await places()) {
  it.each([
    ['in one transaction', ''],
    ['each by itself', APART],
  ])(`${title}: batches hand over each row once, %s`, async (_how, more) => {
    const place = await bookPlace(create, fill(OPTIONS), more)
    await succeed(await place.open(), 'db', 'migrate')
    expect(await filled(place)).toEqual(['1 × 0', `${ROWS - 1} × 1`])
    expect(await place.rows('select isbn from book where id = 1000')).toEqual([{ isbn: String(ROWS - 1) }])
  })

  it(`${title}: after a kill the next run goes on behind the last batch`, async () => {
    const place = await bookPlace(create, fill(OPTIONS, HOLD))
    const process = place.start('db', 'migrate')
    onTestFinished(() => void process.child.kill('SIGKILL'))
    await process.wrote('held up')
    process.child.kill('SIGKILL')
    await process.ended
    // The second batch was in the middle.
    expect(await filled(place)).toEqual([`${ROWS - 10} × 0`, '10 × 1'])
    const test = await place.open()
    expect(await succeed(test, 'db', 'status')).toMatch(new RegExp(`${FILL} +interrupted`))
    place.letGo()
    expect(await succeed(test, 'db', 'migrate')).toContain(`Applied ${FILL}`)
    expect(await filled(place)).toEqual(['1 × 0', `${ROWS - 1} × 1`])
    expect(await place.rows('select isbn from book where id = 1000')).toEqual([{ isbn: String(ROWS - 1) }])
    expect(await place.rows('select name from limber_migration_progress')).toEqual([])
  }, 60_000)

  it(`${title}: a batch that fails is undone, and those before it stay`, async () => {
    const place = await bookPlace(
      create,
      fill(OPTIONS, "if (rows.some(({ id }) => id === 30)) throw new Error('no')"),
    )
    const test = await place.open()
    const { exitCode, stderr } = await test.run('db', 'migrate')
    expect([exitCode, stderr]).toEqual([
      4,
      expect.stringContaining('batches "book": carried out: the first 10 rows'),
    ])
    expect(await filled(place)).toEqual([`${ROWS - 10} × 0`, '10 × 1'])
  })

  it.each([
    ['a key that is empty', "{ table: 'book', key: 'isbn' }", '"isbn" of a row is empty'],
    ['a size of 0', "{ table: 'book', key: 'id', size: 0 }", '0 is no number of rows'],
  ])(`${title}: %s is refused`, async (_what, options, reason) => {
    const place = await bookPlace(
      create,
      `await this.execute('update book set isbn = null'); ${fill(options)}`,
      '',
    )
    const { exitCode, stderr } = await (await place.open()).run('db', 'migrate')
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(reason)])
    expect(stderr).toContain('LIMBER_BATCH')
  })
}

it.each([
  [
    'two loops of one name',
    "await this.batches({ table: 'book', key: 'id' }, () => {}); await this.batches({ table: 'book', key: 'id' }, () => {})",
    'another loop of this name',
  ],
  [
    'one loop in another',
    "await this.batches({ table: 'book', key: 'id' }, () => this.batches({ table: 'book', key: 'id', name: 'in' }, () => {}))",
    'inside of those of "book"',
  ],
])('%s is refused', async (_what, up, reason) => {
  const [kind] = await places()
  if (!kind) throw new Error('SQLite is always there')
  const place = await bookPlace(kind.create, up)
  expect((await (await place.open()).run('db', 'migrate')).stderr).toContain(reason)
})

it('several loops of one migration have their own progress, and statements between them their place', async () => {
  for (const { create } of await places()) {
    const second = OPTIONS.replace('{', "{ name: 'again',")
    const up = `${fill(OPTIONS)}
    await this.batches(${second}, async (rows) => {
      await this.execute('update book set filled = filled + 10 where id between ? and ?', [rows[0]?.id, rows.at(-1)?.id])
      ${HOLD}
    })`
    const place = await bookPlace(create, up)
    const process = place.start('db', 'migrate')
    onTestFinished(() => void process.child.kill('SIGKILL'))
    await process.wrote('held up')
    process.child.kill('SIGKILL')
    await process.ended
    place.letGo()
    const test = await place.open()
    const { stderr } = await test.run('db', 'migrate')
    expect(stderr).toContain('batches "again": carried out: the first 10 rows')
    expect(stderr).toContain(`batches "book": carried out: all ${ROWS - 1} rows`)
    await succeed(test, 'db', 'migrate', '--resume')
    // The one that was known lies between two others.
    expect(await filled(place)).toEqual(['1 × 10', `${ROWS - 1} × 11`])
  }
}, 90_000)
