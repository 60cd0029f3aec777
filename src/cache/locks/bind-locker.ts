/** @module Binds `cache.locker`. */
import type { Application } from '../../application/application.ts'
import { Locker } from './locker.ts'

declare module '../../container/services.ts' {
  interface Services {
    'cache.locker': Locker
  }
}

export function bindLocker(app: Application): void {
  app.singleton('cache.locker', (services) => new Locker(app, services.make('cache.stores').forLocks), {
    needs: ['cache.stores'],
  })
}
