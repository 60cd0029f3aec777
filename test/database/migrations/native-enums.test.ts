/** Enum types of PostgreSQL, which several tables may share. */
import { Model } from 'limber/database'
import { Entity, Enum, Property } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { emptyDatabase, isThere, POSTGRES } from '../support/servers.ts'
import { NOTHING, project } from './project.ts'

@Entity({ tableName: 'shelf' })
class Plain extends Model {
  @Property()
  label!: string
}

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property()
  label!: string

  @Enum({ items: () => ['oak', 'ash'], nativeEnumName: 'wood', nullable: true })
  wood?: string
}

@Entity({ tableName: 'shelf' })
class MoreKinds extends Model {
  @Property()
  label!: string

  @Enum({ items: () => ['oak', 'ash', 'elm'], nativeEnumName: 'wood', nullable: true })
  wood?: string
}

if (await isThere(POSTGRES)) {
  describe('PostgreSQL: an enum type', () => {
    it('is created, gets one more value, and every step is seen once and restored or said to be irreversible', async () => {
      const { command, sql, latest } = project(POSTGRES.driver({ database: await emptyDatabase(POSTGRES) }))
      const steps = [[Plain], [Shelf], [MoreKinds]]
      for (const [index, models] of steps.entries()) {
        await command(models, 'makemigrations', '-m', `step ${index}`)
        await command(models, 'migrate')
        expect(await command(models, 'makemigrations', '-m', 'again'), latest()).toBe(NOTHING)
      }
      await sql("insert into shelf (label, wood) values ('A', 'elm')")
      expect(await sql('select label, wood from shelf')).toEqual([{ label: 'A', wood: 'elm' }])
      const { migrations } = JSON.parse(await command([MoreKinds], 'verify', '--json')) as {
        migrations: { state: string; differences: string[] }[]
      }
      expect(
        migrations.map(({ state }) => state),
        latest(),
      ).toEqual(['restores', 'restores', 'irreversible'])
    })
  })
}
