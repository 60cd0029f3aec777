/** A first migration that stands for tables made from models counts as applied, whoever is asked. */
import { expect, test } from 'vitest'
import { applicationWith, migration } from '../modules/support/shop.ts'
import { write } from '../support/app-folder.ts'

const MODEL = `
  import { Model } from 'limber/database'
  import { Entity, Property } from 'limber/database/mapping'
  @Entity()
  export class Note extends Model {
    @Property() text!: string
  }`

test('info and status agree on what is applied', async () => {
  const shop = applicationWith({})
  const notes = (files: Record<string, string>) =>
    write(`${shop.root}/modules/notes`, { 'models/note.ts': MODEL, ...files })
  const info = async () => JSON.parse(await shop.succeed('module', 'info', 'notes', '--json')).migrations
  notes({ 'module.yaml': 'name: notes\nversion: 1.0.0\npermissions: [use_db]\n' })
  await shop.succeed('module', 'enable', 'notes', '--yes')
  expect(await info()).toEqual({ applied: ['models@1.0.0'], pending: [] })
  notes({ 'migrations/1.0.0.ts': migration('1.0.0', 'create table note (id integer primary key)') })
  expect(await info()).toEqual({ applied: ['1.0.0'], pending: [] })
  const status = JSON.parse(await shop.succeed('db', 'status', '--module', 'notes', '--json'))
  expect(status).toMatchObject([{ name: '1.0.0', state: 'applied' }])
})
