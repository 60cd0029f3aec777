/** What is worth knowing about the migrations of a module is told when it is loaded, and not by commands only. */
import { expect, test } from 'vitest'
import { migration } from '../modules/support/shop.ts'
import { type ModuleFiles, withModules, writeModule } from '../support/module-folder.ts'

function shop(version: string, ...versions: string[]): ModuleFiles {
  const files = versions.map((each) => {
    const table = `t${each.replaceAll('.', '')}`
    return [`migrations/${each}.ts`, migration(each, `create table ${table} (id integer primary key)`)]
  })
  return { manifest: 'permissions: [use_db]', version, files: Object.fromEntries(files) }
}

test('a late migration, and one behind the version, are warnings of the module', async () => {
  const { app, root, warnings } = await withModules({ shop: shop('1.2.0', '1.2.0', '2.0.0') })
  await app.boot()
  await app.scope(() => undefined)
  expect(warnings()).toEqual(['2.0.0 is not applied: the version in the manifest is 1.2.0.'])
  writeModule(root, 'shop', shop('1.2.0', '1.1.0', '1.2.0', '2.0.0'))
  await app.make('modules').reload('shop')
  expect(warnings()).toContainEqual(expect.stringMatching(/^1\.1\.0 /))
})
