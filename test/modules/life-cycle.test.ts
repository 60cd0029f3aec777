import type {} from 'limber/modules'
import { expect, it } from 'vitest'
import { withModules } from '../support/module-folder.ts'

/** A provider that notes each of its hooks, with what is there at that moment. */
const recorder = (name: string) => `
import { ModuleProvider } from 'limber/modules'
const note = (text: string) => (globalThis as any).notes[(globalThis as any).current ?? 0].push(text)
export class Recorder extends ModuleProvider {
  override register() { note('${name} register') }
  override boot() { note('${name} boot') }
  override async onInit() { await null; note('${name} onInit') }
  override async onDatabaseReady() {
    const rows = await this.db.session().execute('select 1 as one')
    note('${name} onDatabaseReady ' + rows[0].one)
  }
  override async onUnload() { await this.db.session().execute('select 1'); note('${name} onUnload') }
}
`
function notes(): string[] {
  const list: string[] = []
  Object.assign(globalThis, { notes: [list] })
  return list
}

it('hooks are called in order, those of a required module first, and in the reverse order at the end', async () => {
  const seen = notes()
  const { app } = await withModules({
    shop: {
      manifest: 'permissions: [use_db]\nrequires: { users: "^1.0.0" }',
      files: { 'provider.ts': recorder('shop') },
    },
    users: { manifest: 'permissions: [use_db]', files: { 'provider.ts': recorder('users') } },
  })
  await app.boot()
  expect(seen).toEqual(['users register', 'shop register', 'users boot', 'shop boot'])
  await app.scope(() => undefined)
  expect(seen.splice(0).slice(4)).toEqual([
    'users onInit',
    'users onDatabaseReady 1',
    'shop onInit',
    'shop onDatabaseReady 1',
  ])
  expect(
    app
      .make('modules')
      .list()
      .map(({ name, state }) => [name, state]),
  ).toEqual([
    ['users', 'loaded'],
    ['shop', 'loaded'],
  ])
  await app.stop()
  expect(seen).toEqual(['shop onUnload', 'users onUnload'])
})
