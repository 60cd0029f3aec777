/** @module What migrations do with every driver. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { Item, Shelf } from '../fixtures/warehouse.ts'
import { commandsIn, succeed, tempFolder, write } from '../support/library-application.ts'
import type { DriverContract } from './contract.ts'

export function describeMigrations(contract: DriverContract): void {
  // Each command opens the database of the application, which in memory is another one each time.
  const driverIn = async () => ({ root: tempFolder(), driver: await contract.create() })

  describe(`${contract.title}: migrations`, () => {
    it('are written from the models, applied, taken back, and then have nothing to add', async () => {
      const { root, driver } = await driverIn()
      write(root, {})
      const test = await commandsIn({ root, driver, models: [Shelf, Item] })
      await succeed(test, 'db', 'makemigrations', '--message', 'create the warehouse')
      await succeed(test, 'db', 'migrate')
      expect(await succeed(test, 'db', 'makemigrations', '--message', 'again', '--dry-run')).toMatch(
        /nothing to write/,
      )
      await test.app.scope(async () => {
        const shelf = test.make('db.session').create(Shelf, { name: 'first' })
        test.make('db.session').create(Item, { title: 'x', shelf: ref(shelf) })
      })
      expect(await succeed(test, 'db', 'status')).toMatch(/applied/)
      await succeed(test, 'db', 'rollback')
      await succeed(test, 'db', 'migrate')
      expect(await test.app.scope(() => test.make('db.session').count(Shelf))).toBe(0)
      const files = readdirSync(path.join(root, 'database/migrations'))
      expect(files).toEqual([expect.stringMatching(/_create_the_warehouse\.ts$/), 'schema.json'])
    })

    it('that fail leave the ledger as it was, and say what else there may be', async () => {
      const { root, driver } = await driverIn()
      write(root, {
        'database/migrations/20260101000000_broken.ts': `
          import { Migration } from 'limber/database'
          export class Broken extends Migration {
            override async up() {
              await this.execute('create table halfway (id integer)')
              await this.execute('this is no SQL')
            }
          }`,
      })
      const test = await commandsIn({ root, driver })
      const { exitCode, stderr } = await test.run('db', 'migrate')
      expect(exitCode).not.toBe(0)
      expect(stderr).toContain('LIMBER_MIGRATION_FAILED')
      expect(stderr).toMatch(
        driver.dialect === 'mysql' ? /MariaDB commit with each/ : /Nothing of it was applied/,
      )
      expect(await succeed(test, 'db', 'status')).toMatch(/pending/)
      const tables = test
        .make('db.connection')
        .exclusive((run) => test.make('db.connection').hasTable(run, 'halfway'))
      expect(await tables).toBe(driver.dialect === 'mysql')
    })
  })
}
