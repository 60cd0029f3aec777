import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { APART, execute, migration, places, writeHoldUp } from './place.ts'

const NAME = '20260101000001_long'

it('a migration that takes long says so until it is done, and the process ends at once', async () => {
  const [kind] = await places()
  if (!kind) throw new Error('SQLite is always there')
  const place = await kind.create()
  writeHoldUp(place)
  const rows =
    "await this.batches({ table: 'book', key: 'id', size: 2 }, (rows) => { if (rows.length === 1) return holdUp() })"
  place.write({
    [NAME]: migration(
      'Long',
      `${execute('create table book (id integer)', 'insert into book values (1), (2), (3)')}\n    ${rows}`,
      APART,
    ),
  })
  const process = place.start('db', 'migrate', '--json')
  onTestFinished(() => void process.child.kill('SIGKILL'))
  await process.wrote('held up')
  if (!process.child.stderr) throw new Error('nobody listens')
  const [said] = await once(process.child.stderr, 'data')
  expect(String(said)).toMatch(new RegExp(`^Applying ${NAME} for \\d s, 2 rows of book\\n`))
  place.letGo()
  const { code, stdout } = await process.ended
  expect([code, JSON.parse(stdout.replace('held up\n', ''))]).toEqual([
    0,
    { migrations: [NAME], dryRun: false, warnings: [] },
  ])
}, 60_000)
