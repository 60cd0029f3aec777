import path from 'node:path'
import { fromUrl, Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder } from './support/library-application.ts'

@Entity()
class Shelf extends Model {
  static override softDelete = true

  @Property()
  label!: string
}

@Entity()
class Folio extends Model {
  static override softDelete = true

  @ManyToOne(() => Shelf, { ref: true })
  shelf!: Ref<Shelf>
}

@Entity()
class Room extends Model {
  @Property()
  name!: string
}

const DAY = 86_400_000

/** Two shelves with two folios each, in the trash for as many days as are given; 0: live. */
async function withTrash(days: readonly [number, number]) {
  const root = tempFolder()
  const test = await commandsIn({ root, models: [Shelf, Folio, Room] })
  await test.app.ready(['db'])
  await test.app.make('db.connection').schema.create()
  const raw = openRaw(path.join(root, 'library.sqlite'))
  for (const [index, age] of days.entries()) {
    const stamp = age === 0 ? null : Date.now() - age * DAY
    raw.prepare('insert into shelf (label, deleted_at) values (?, ?)').run(`S${index}`, stamp)
    for (let i = 0; i < 2; i++)
      raw.prepare('insert into folio (shelf_id, deleted_at) values (?, ?)').run(index + 1, stamp)
  }
  const count = (table: string) => raw.prepare(`select count(*) as n from ${table}`).all()[0]?.n
  return { test, counts: () => [count('shelf'), count('folio')], raw }
}

describe('limber db prune', () => {
  it('deletes what has been in the trash for 90 days, children first', async () => {
    const { test, counts } = await withTrash([100, 10])
    expect(await succeed(test, 'db', 'prune')).toBe('Folio: 2 deleted\nShelf: 1 deleted\n')
    expect(counts()).toEqual([1, 2])
  })

  it('names a table that is not there, and what to do', async () => {
    const test = await commandsIn({ root: tempFolder(), models: [Shelf, Folio, Room] })
    const { exitCode, stderr } = await test.run('db', 'prune')
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('LIMBER_TABLE_MISSING')])
  })

  it('ends with 5 when the database does not answer', async () => {
    const unreachable = fromUrl('postgres://somebody@127.0.0.1:1/library')
    const test = await commandsIn({ root: tempFolder(), models: [Shelf], driver: unreachable })
    const { exitCode, stderr } = await test.run('db', 'prune')
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('LIMBER_DATABASE_UNAVAILABLE')])
  })

  it('says so when there is nothing', async () => {
    const { test, counts } = await withTrash([10, 0])
    expect(await succeed(test, 'db', 'prune')).toBe('Nothing to delete.\n')
    expect(counts()).toEqual([2, 4])
  })

  it('takes an age or a date, and the size of a batch', async () => {
    const { test, counts } = await withTrash([100, 10])
    const said = await succeed(test, 'db', 'prune', '--before', '1w', '--batch', '3')
    expect(said).toBe('Folio: 3 deleted\nFolio: 4 deleted\nShelf: 2 deleted\n')
    expect(counts()).toEqual([0, 0])
    const other = await withTrash([100, 10])
    await succeed(other.test, 'db', 'prune', '--before', new Date(Date.now() - 50 * DAY).toISOString())
    expect(other.counts()).toEqual([1, 2])
  })

  it('takes one model, with the children that refer to it', async () => {
    const { test, counts } = await withTrash([100, 100])
    expect(await succeed(test, 'db', 'prune', '--model', 'Folio')).toBe('Folio: 4 deleted\n')
    expect(counts()).toEqual([2, 0])
    const other = await withTrash([100, 0])
    expect(await succeed(other.test, 'db', 'prune', '--model', 'Shelf')).toBe('Shelf: 1 deleted\n')
    expect(other.counts()).toEqual([1, 2])
  })

  it('--dry-run says what it would delete, and deletes nothing', async () => {
    const { test, counts } = await withTrash([100, 10])
    const said = await succeed(test, 'db', 'prune', '--dry-run')
    expect(said).toBe('Folio: 2 would be deleted\nShelf: 1 would be deleted\n')
    expect(await succeed(test, 'db', 'prune', '--dry-run', '--before', '2w', '--model', 'Shelf')).toMatch(
      /^Shelf: 1 /,
    )
    expect(counts()).toEqual([2, 4])
  })

  it('--json answers a program', async () => {
    const { test } = await withTrash([100, 10])
    const answer: unknown = JSON.parse(await succeed(test, 'db', 'prune', '--json', '--connection', 'main'))
    expect(answer).toEqual({
      before: expect.stringMatching(/Z$/),
      rows: { Folio: 2, Shelf: 1 },
      dryRun: false,
    })
  })

  it('leaves a row to which a live one refers', async () => {
    const { test, raw, counts } = await withTrash([100, 0])
    raw.exec('update folio set deleted_at = null where id = 1')
    expect(await succeed(test, 'db', 'prune')).toBe('Folio: 1 deleted\n')
    expect(counts()).toEqual([2, 3])
  })

  it('keeps what it has done when it fails, and goes on when it is run again', async () => {
    const { test, raw, counts } = await withTrash([100, 100])
    raw.exec(
      "create trigger t before delete on folio when old.id = 4 begin select raise(abort, 'not yet'); end",
    )
    const { exitCode, stdout, stderr } = await test.run('db', 'prune', '--batch', '1')
    expect([exitCode === 0, stdout]).toEqual([
      false,
      'Folio: 1 deleted\nFolio: 2 deleted\nFolio: 3 deleted\n',
    ])
    expect(stderr).not.toBe('')
    expect(counts()).toEqual([2, 1])
    raw.exec('drop trigger t')
    expect(await succeed(test, 'db', 'prune')).toBe('Folio: 1 deleted\nShelf: 2 deleted\n')
    expect(counts()).toEqual([0, 0])
  })

  it.each([
    [['--before', 'soon'], 2, 'an age such as 90d'],
    [['--before', '2999-01-01'], 2, 'in the past'],
    [['--before', '2024-02-30'], 2, 'in the past'],
    [['--before', '99999999999d'], 2, 'in the past'],
    [['--before', '999999d'], 2, 'LIMBER_PRUNE_DATE'],
    [['--batch', '0'], 2, 'LIMBER_BATCH_SIZE'],
    [['--model', 'Shelv'], 3, 'Did you mean "Shelf"?'],
    [['--model', 'Room'], 3, 'LIMBER_SOFT_MODEL_NOT_FOUND'],
    [['--connection', 'mian'], 2, 'LIMBER_CONNECTION_NOT_FOUND'],
  ] as const)('%j ends with %i', async (options, code, message) => {
    const { test, counts } = await withTrash([100, 100])
    const { exitCode, stderr } = await test.run('db', 'prune', ...options)
    expect(exitCode).toBe(code)
    expect(stderr).toContain(message)
    expect(counts()).toEqual([2, 4])
  })
})
