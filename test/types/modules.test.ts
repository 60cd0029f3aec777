import type { Application } from 'limber'
import type { Session } from 'limber/database'
import { ModuleProvider, type Modules } from 'limber/modules'
import { expectTypeOf, test } from 'vitest'

class Shop extends ModuleProvider {
  sell(item: string): number {
    return item.length
  }
}

declare module 'limber/modules' {
  interface ModuleTypes {
    shop: Shop
  }
}

test('the session of a module that is known by type is a key', () => {
  const session = (app: Application) => app.make('db.session.shop')
  expectTypeOf(session).returns.toEqualTypeOf<Session>()
  // @ts-expect-error nobody has added a module of this name
  const unknown = (app: Application) => app.make('db.session.shopp')
  expectTypeOf(unknown).toBeFunction()
})

test('get() gives the provider that the module has said, and any provider for other names', () => {
  const known = (modules: Modules) => modules.get('shop')
  expectTypeOf(known).returns.toEqualTypeOf<Shop>()
  const other = (modules: Modules) => modules.get('bank')
  expectTypeOf(other).returns.toEqualTypeOf<ModuleProvider>()
  // @ts-expect-error the provider has no such method
  const wrong = (modules: Modules) => modules.get('shop').buy()
  expectTypeOf(wrong).toBeFunction()
})
