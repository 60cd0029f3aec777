/** Reported: a semicolon before the end of a line cut a statement in two, and a quote in a default was not doubled. */
import { Trigger } from '@mikro-orm/decorators/legacy'
import { Model } from 'limber/database'
import { Check, Entity, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { modelHistory, NOTHING } from './support/model-history.ts'

it.each(["it's", "''", 'a;\nb', "';\n--", 'a "b" `c`', '\\', '/* ;\n'])(
  'a default of %j is the default of the column',
  async (text) => {
    @Entity({ tableName: 'note' })
    class Note extends Model {
      @Property({ default: text })
      text!: string
    }
    const history = modelHistory()
    await history.become([Note])
    history.raw.exec('insert into note default values')
    expect(history.rows('select text from note')).toEqual([{ text }])
    expect((await history.make([Note])).stdout).toBe(NOTHING)
  },
)

it('a check may have a semicolon at the end of a line', async () => {
  @Entity({ tableName: 'note' })
  @Check({ name: 'no_script', expression: "text <> 'x;\ny'" })
  class Note extends Model {
    @Property()
    text!: string
  }
  const history = modelHistory()
  await history.become([Note])
  history.raw.exec("insert into note (text) values ('x')")
  expect(() => history.raw.exec("insert into note (text) values ('x;\ny')")).toThrow('no_script')
  expect((await history.make([Note])).stdout).toBe(NOTHING)
})

it('a trigger is one statement, with all that it does', async () => {
  @Entity({ tableName: 'note' })
  @Trigger({
    name: 'count_notes',
    timing: 'after',
    events: ['insert'],
    body: "update note set text = case when text = 'w' then 'x' else text end; delete from note where text = 'y';",
  })
  class Note extends Model {
    @Property()
    text!: string
  }
  const history = modelHistory()
  await history.become([Note])
  history.raw.exec("insert into note (text) values ('w'), ('y'), ('z')")
  expect(history.rows('select text from note')).toEqual([{ text: 'x' }, { text: 'z' }])
  expect((await history.make([Note])).stdout).toBe(NOTHING)
})
