/** @module Registers `cache.stores`, `cache.store`, `cache.locker` and `limiter`. Nothing connects before something is kept. */
import type { CacheStore } from '../application/ports/cache-store.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { CacheStores } from './cache-stores.ts'
import { bindLimiter } from './limits/bind-limiter.ts'
import { bindLocker } from './locks/bind-locker.ts'

declare module '../container/services.ts' {
  interface Services {
    'cache.stores': CacheStores
    'cache.store': CacheStore
  }
}

export class CacheServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('cache.stores', async () => CacheStores.open(this.app), {
      dispose: (stores) => stores.close(),
    })
    this.app.singleton('cache.store', (services) => services.make('cache.stores').get(), {
      needs: ['cache.stores'],
      // The stores are closed together.
      dispose: () => undefined,
    })
    bindLocker(this.app)
    bindLimiter(this.app)
  }
}
