/** @module Binds `cache.locker`. */
import type { Application } from '../../application/application.ts'
import { Locker } from './locker.ts'

export function bindLocker(app: Application): void {
  app.singleton('cache.locker', (services) => new Locker(app, services.make('cache.stores').forLocks), {
    needs: ['cache.stores'],
  })
}
