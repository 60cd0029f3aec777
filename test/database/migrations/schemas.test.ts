/** Tables in a schema of PostgreSQL that is not the usual one. */
import { Model } from 'limber/database'
import { Entity, Index, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { emptyDatabase, isThere, POSTGRES } from '../support/servers.ts'
import { NOTHING, project } from './project.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property({ unique: true })
  label!: string
}

@Entity({ tableName: 'shelf' })
class NamedShelf extends Model {
  @Property({ unique: true })
  name!: string
}

@Entity({ tableName: 'rack' })
class Rack extends Model {
  @Property({ unique: true })
  name!: string
}

const folioOf = (shelf: unknown) => {
  @Entity({ tableName: 'folio' })
  class AnyFolio extends Model {
    @ManyToOne(() => shelf as typeof Shelf, { ref: true, deleteRule: 'cascade', fieldName: 'shelf_id' })
    shelf!: Ref<Shelf>
  }
  return AnyFolio
}

/** A table in another schema than that of the connection. */
@Entity({ tableName: 'entry', schema: 'audit' })
class Entry extends Model {
  @Property()
  @Index()
  text!: string
}

if (await isThere(POSTGRES)) {
  describe('PostgreSQL: a schema of its own', () => {
    it.each(['shop', 'Two Words'])('%s: changes and renames are seen once, and restored', async (schema) => {
      const { command, sql } = project(POSTGRES.driver({ database: await emptyDatabase(POSTGRES), schema }))
      const first = [Shelf, folioOf(Shelf)]
      await command(first, 'makemigrations', '-m', 'create')
      await command(first, 'migrate')
      await sql("insert into shelf (id, label) values (1, 'A')")
      await sql('insert into folio (id, shelf_id) values (1, 1)')
      const second = [NamedShelf, folioOf(NamedShelf)]
      await command(second, 'makemigrations', '-m', 'name', '--rename', 'shelf.label=name')
      await command(second, 'migrate')
      expect(await command(second, 'makemigrations', '-m', 'again')).toBe(NOTHING)
      const third = [Rack, folioOf(Rack)]
      await command(third, 'makemigrations', '-m', 'rack', '--rename', 'shelf=rack')
      await command(third, 'migrate')
      expect(await command(third, 'makemigrations', '-m', 'again')).toBe(NOTHING)
      expect(await sql('select name, f.id from rack join folio f on f.shelf_id = rack.id')).toEqual([
        { name: 'A', id: 1 },
      ])
      const verified: unknown = JSON.parse(await command(third, 'verify', '--json'))
      expect(verified).toMatchObject({
        migrations: [{ state: 'restores' }, { state: 'restores' }, { state: 'restores' }],
      })
    })

    it('of a single model is compared as well', async () => {
      const { command } = project(POSTGRES.driver({ database: await emptyDatabase(POSTGRES) }))
      await command([Shelf], 'makemigrations', '-m', 'create')
      await command([Shelf, Entry], 'makemigrations', '-m', 'entries')
      await command([Shelf, Entry], 'migrate')
      expect(await command([Shelf, Entry], 'makemigrations', '-m', 'again')).toBe(NOTHING)
      expect(await command([Shelf, Entry], 'verify')).toMatch(/None fails; there are 2/)
    })
  })
}
