/** What modules write in a test is undone with the rest. */
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { applicationWith } from '../modules/support/shop.ts'
import { write } from '../support/app-folder.ts'

const PROVIDER = `
  import { ModuleProvider } from 'limber/modules'
  export class Shop extends ModuleProvider {
    async sell(what: string) {
      await this.db.sessionScope((session) => session.execute('insert into customer (name) values (?)', [what]))
      return this.db.sessionScope((session) => session.execute('select name from customer'))
    }
  }`

test('a rollback takes back what a module has written to its own database', async () => {
  const shop = applicationWith({ shop: {} })
  write(shop.root, { 'modules/shop/provider.ts': PROVIDER })
  await shop.succeed('module', 'enable', 'shop', '--yes')
  await using test = await createTestApplication({ root: shop.root })
  await test.scope(() => undefined)
  const sell = (what: string): Promise<unknown> => {
    const provider: unknown = test.make('modules').get('shop')
    return Reflect.get(Object(provider), 'sell').call(provider, what)
  }
  {
    await using _ = await test.rollback()
    await expect(sell('a book')).resolves.toEqual([{ name: 'a book' }])
  }
  await expect(sell('a pen')).resolves.toEqual([{ name: 'a pen' }])
})
