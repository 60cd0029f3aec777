import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MigratingApp, migration, run } from './support/migrating-app.ts'
import { everyKind } from './support/own-databases.ts'
import { dump } from './support/schema-dump.ts'

const book = (...properties: readonly string[]) => `
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'

@Entity()
export class Book extends Model {
  @Property()
  title!: string
  ${properties.join('\n  ')}
}
`
const LATER = '29990101000000_later'

for (const kind of await everyKind()) {
  describe(`limber db check on ${kind.title}`, () => {
    it('says in its exit code how the database, the files and the models stand, and changes nothing', {
      timeout: 300_000,
    }, async () => {
      const database = await kind.create()
      const app = new MigratingApp({ url: database.url, models: { book: book() } })
      const check = async (code: number, ...argv: string[]) => {
        const before = [await dump(database), app.source()]
        const ended = await app.run(['db', 'check', ...argv])
        expect.soft(ended.code, `${ended.stdout}${ended.stderr}`).toBe(code)
        expect.soft([await dump(database), app.source()]).toEqual(before)
        return ended.stdout
      }
      await app.succeed(['db', 'makemigrations', '--message', 'create book'])
      const [first = ''] = app.migrations()
      expect.soft(await check(1)).toContain(path.parse(first).name)
      await app.succeed(['db', 'migrate'])
      await check(0)

      const later = migration('Later', run('update book set title = title'))
      app.write({ [`database/migrations/${LATER}.ts`]: later })
      expect.soft(await check(1)).toContain(LATER)
      await app.succeed(['db', 'migrate'])
      await check(0)

      app.write({ 'app/models/book.ts': book('@Property({ nullable: true })', 'pages?: number') })
      expect.soft(await check(2)).toContain('pages')
      expect.soft(JSON.stringify(JSON.parse(await check(2, '--json')))).toContain('pages')
      app.write({ 'app/models/book.ts': book() })

      const file = path.join(app.folder, first)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replaceAll('\n', '\r\n'))
      await check(0)
      writeFileSync(file, text.replace('await ', 'await  '))
      expect.soft(await check(3)).toContain(path.parse(first).name)
      rmSync(file)
      expect.soft(await check(3)).toContain(path.parse(first).name)
      writeFileSync(file, text)
      await check(0)
    })

    it('is 4 when the database cannot be reached', { timeout: 120_000 }, async () => {
      const { server } = kind
      const unreachable = server ? new URL(server.url) : undefined
      if (unreachable) unreachable.port = '1'
      const app = new MigratingApp({
        url: unreachable?.href ?? 'sqlite:storage/file/no-folder.sqlite',
        models: { book: book() },
        migrations: { [LATER]: migration('Later', run('select 1')) },
        files: { 'storage/file': 'a file where a folder should be' },
      })
      const { code, stdout, stderr } = await app.run(['db', 'check'])
      expect(code, `${stdout}${stderr}`).toBe(4)
      expect(`${stdout}${stderr}`).not.toBe('')
      expect(readdirSync(path.join(app.root, 'storage'))).toEqual(['file'])
    })
  })
}
