/** Renames are asked for: neither a rename nor a drop and an add is ever guessed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Model } from 'limber/database'
import { Entity, Index, ManyToOne, Property, type Ref, types } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { runLimber } from '../../support/run-limber.ts'
import { tempFolder, write } from '../support/library-application.ts'
import { lastingDatabases, NOTHING, project } from './project.ts'

@Entity({ tableName: 'author' })
class Author extends Model {
  @Property()
  name!: string
}

@Entity({ tableName: 'book' })
class Book extends Model {
  @Property({ unique: true, length: 80 })
  title!: string

  @Property({ nullable: true, length: 80 })
  @Index()
  note?: string | null

  @ManyToOne(() => Author, { ref: true })
  author!: Ref<Author>
}

/** The same, in other words. */
@Entity({ tableName: 'book' })
class NamedBook extends Model {
  @Property({ unique: true, length: 80 })
  name!: string

  @Property({ nullable: true, length: 80 })
  @Index()
  remark?: string | null

  @ManyToOne(() => Author, { ref: true })
  writer!: Ref<Author>
}

@Entity({ tableName: 'novel' })
class Novel extends Model {
  @Property({ unique: true, length: 80 })
  name!: string

  @Property({ nullable: true, length: 80 })
  @Index()
  note?: string | null

  @ManyToOne(() => Author, { ref: true })
  author!: Ref<Author>
}

@Entity({ tableName: 'book' })
class CountedBook extends Model {
  @Property({ unique: true, length: 80 })
  title!: string

  @Property({ type: types.integer, default: 0 })
  pages!: number

  @ManyToOne(() => Author, { ref: true })
  author!: Ref<Author>
}

const FILL = [
  "insert into author (id, name) values (1, 'Mary'), (2, 'Ada')",
  "insert into book (id, title, note, author_id) values (1, 'A', 'x', 1), (2, 'B', null, 2)",
]

for (const { title, create } of await lastingDatabases()) {
  const filled = async () => {
    const made = project(await create())
    await made.command([Author, Book], 'makemigrations', '-m', 'create')
    await made.command([Author, Book], 'migrate')
    for (const statement of FILL) await made.sql(statement)
    return made
  }

  describe(`${title}: a name that is gone`, () => {
    it('is not guessed about: the flags for it are listed, and nothing is written', async () => {
      const { run, files } = await filled()
      const { exitCode, stderr } = await run([Author, NamedBook], 'makemigrations', '-m', 'rename')
      expect(exitCode).toBe(2)
      expect(stderr).toContain('LIMBER_RENAME_UNDECIDED')
      expect(stderr).toContain('--rename book.title=name or --rename book.title=remark or --drop book.title')
      expect(stderr).toContain('--rename book.author_id=writer_id or --drop book.author_id')
      expect(files()).toHaveLength(1)
    })

    it('of columns is changed with their rows, indexes and foreign keys, and back', async () => {
      const { command, sql, latest } = await filled()
      const models = [Author, NamedBook]
      const flags = ['--rename', 'book.title=name,book.note=remark', '--rename', 'book.author_id=writer_id']
      const said = await command(models, 'makemigrations', '-m', 'rename', ...flags)
      expect(said).toMatch(/^Wrote/)
      expect(latest()).toMatch(/rename column .title. to .name./)
      await command(models, 'migrate')
      expect(await sql('select id, name, remark, writer_id from book order by id')).toEqual([
        { id: 1, name: 'A', remark: 'x', writer_id: 1 },
        { id: 2, name: 'B', remark: null, writer_id: 2 },
      ])
      expect(await command(models, 'makemigrations', '-m', 'again')).toBe(NOTHING)
      await expect(sql("insert into book (name, writer_id) values ('A', 1)")).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
      await command(models, 'rollback')
      expect(await sql('select id, title, note, author_id from book order by id')).toEqual([
        { id: 1, title: 'A', note: 'x', author_id: 1 },
        { id: 2, title: 'B', note: null, author_id: 2 },
      ])
      expect(await command([Author, Book], 'verify')).toMatch(/None fails; there are 2/)
    })

    it('of a table is changed with its rows and that of a column in it, and back', async () => {
      const { command, run, sql } = await filled()
      const models = [Author, Novel]
      const half = await run(models, 'makemigrations', '-m', 'rename', '--rename', 'book=novel')
      expect(half.stderr).toContain('--rename book.title=name or --drop book.title')
      const flags = ['--rename', 'book=novel', '--rename', 'novel.title=name']
      await command(models, 'makemigrations', '-m', 'rename', ...flags)
      await command(models, 'migrate')
      expect(await sql('select id, name, author_id from novel order by id')).toEqual([
        { id: 1, name: 'A', author_id: 1 },
        { id: 2, name: 'B', author_id: 2 },
      ])
      expect(await command(models, 'makemigrations', '-m', 'again')).toBe(NOTHING)
      await command(models, 'rollback')
      expect(await sql('select id, title, author_id from book order by id')).toHaveLength(2)
      expect(await command(models, 'verify')).toMatch(/None fails; there are 2/)
    })

    it('is dropped when that is said, and when nothing new can be meant', async () => {
      const { command, run, sql, latest } = await filled()
      const { exitCode, stderr } = await run([Author, CountedBook], 'makemigrations', '-m', 'count')
      expect(exitCode).toBe(0)
      expect(stderr).toContain('Warning: "note" of "book" is dropped with all that is in it.')
      await command([Author, CountedBook], 'migrate')
      expect(await sql('select id, title, pages from book order by id')).toHaveLength(2)
      const models = [Author, Novel]
      await command(models, 'makemigrations', '-m', 'replace', '--drop', 'book')
      expect(latest()).toMatch(/create table .novel./)
      await command(models, 'migrate')
      expect(await sql('select id from novel')).toEqual([])
    })

    it.each([
      ['one that nobody lost', ['--rename', 'book.tittle=name'], /"book.tittle" is not among/],
      ['one that is not new', ['--rename', 'book.title=nome'], /cannot become "nome": what is new is "name"/],
      ['half of one', ['--rename', 'book.title'], /does not say what is renamed to what/],
      ['two decisions', ['--rename', 'book.title=name', '--drop', 'book.title'], /more than once/],
    ])('that is %s in the flags is refused', async (_, flags, message) => {
      const { run } = await filled()
      const others = ['--drop', 'book.note', '--drop', 'book.author_id']
      if (flags[1] === 'book.tittle=name') others.push('--drop', 'book.title')
      const { exitCode, stderr } = await run(
        [Author, NamedBook],
        'makemigrations',
        '-m',
        'x',
        ...flags,
        ...others,
      )
      expect(exitCode).toBe(2)
      expect(stderr).toContain('LIMBER_RENAME_CHOICE')
      expect(stderr).toMatch(message)
    })
  })
}

describe('on a terminal', () => {
  const APPLICATION = {
    'package.json': '{ "type": "module" }',
    'config/app.ts': `
      import { defineApp } from 'limber'
      import { DatabaseServiceProvider } from 'limber/database'
      export default defineApp({ models: [() => import('../app/book.ts')], providers: [DatabaseServiceProvider] })`,
    'config/database.ts': `
      import { defineDatabase } from 'limber/database'
      import { sqlite } from 'limber/database/sqlite'
      export default defineDatabase({ default: 'main', connections: { main: sqlite({ file: 'books.sqlite' }) } })`,
  }
  const bookWith = (...columns: string[]) => `
    import { Model } from 'limber/database'
    import { Entity, Property } from 'limber/database/mapping'
    @Entity()
    export class Book extends Model {
      ${columns.map((column) => `@Property() ${column}!: string`).join('\n')}
    }`
  /** Types each answer when it is asked for one, on a terminal of its own. */
  const makemigrations = async (root: string, ...answers: string[]) => {
    const limber = `'${process.execPath}' '${path.resolve('bin/limber.js')}' db makemigrations -m rename`
    const child = spawn('script', ['-qec', limber, '/dev/null'], { cwd: root })
    let [said, asked] = ['', 0]
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk)
      while (said.split('Which?').length - 1 > asked) child.stdin.write(answers[asked++] ?? '\u0004')
    })
    const [code] = await once(child, 'close')
    return { code, said: stripVTControlCharacters(said) }
  }
  const application = async () => {
    const root = tempFolder()
    write(root, { ...APPLICATION, 'app/book.ts': bookWith('title', 'note') })
    expect(await runLimber(['db', 'makemigrations', '-m', 'create'], { cwd: root })).toMatchObject({
      code: 0,
    })
    write(root, { 'app/book.ts': bookWith('name', 'remark') })
    const folder = path.join(root, 'database/migrations')
    const latest = () => {
      const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
      return readFileSync(path.join(folder, files.sort().at(-1) ?? ''), 'utf8')
    }
    return { root, latest }
  }

  it('each lost name is asked about, again after an answer that is none', async () => {
    const { root, latest } = await application()
    const { code, said } = await makemigrations(root, 'name\r', '1\r', '2\r')
    expect(said).toContain('"book.title" is not in the models any more. It was')
    expect(said).toContain('1  renamed to "name"')
    expect(said).toContain('3  dropped, with all that is in it')
    expect(said).toContain('Wrote database/migrations/')
    expect(code).toBe(0)
    expect(latest()).toContain('rename column `title` to `name`')
    // The second was not renamed: it had only "remark" and being dropped to choose from.
    expect(latest()).not.toContain('to `remark`')
  }, 60_000)

  it('no answer is a refusal with the flags', async () => {
    const { root, latest } = await application()
    const { code, said } = await makemigrations(root, '\u0004')
    expect(code).toBe(2)
    expect(said).toContain('--rename book.title=name or --rename book.title=remark or --drop book.title')
    expect(latest()).toContain('create table `book`')
  }, 60_000)
})
