import { HttpServiceProvider } from 'limber/http'
import { expect, it } from 'vitest'
import { type ModuleFiles, withModules } from '../support/module-folder.ts'
import { SALE_MODEL } from './support/sale-model.ts'

const shop: ModuleFiles = {
  manifest: 'permissions: [use_db, use_http]',
  files: {
    'models.ts': SALE_MODEL,
    'routes.ts': `
import { Sale } from './models.ts'
export default (router: any) => {
  router.get('/sales/:sale', ({ params }: any) => ({ item: params.sale.item }), { bind: { sale: Sale } })
}`,
    'provider.ts': `
import { ModuleProvider } from 'limber/modules'
import { Sale } from './models.ts'
export class Shop extends ModuleProvider {
  async onDatabaseReady() {
    await Sale.create({ item: this.manifest.name })
  }
}`,
  },
}

it('routes of a module bind its own models, without a permission for the database of the application', async () => {
  const { app } = await withModules(
    { shop },
    { providers: [HttpServiceProvider], config: { http: { port: 0 } } },
  )
  await app.boot()
  await app.run(app.make('http'))
  const url = String(app.make('http').address)
  const answer = async (id: string) => {
    const reply = await fetch(`${url}/sales/${id}`)
    return [reply.status, Object(await reply.json()).item]
  }
  expect(await answer('1')).toEqual([200, 'shop'])
  expect(await answer('2')).toEqual([404, undefined])
  expect(await answer('one')).toEqual([404, undefined])
})
