/** @module Binds `limiter`. */
import type { Application } from '../../application/application.ts'
import { Limiter } from './limiter.ts'

export function bindLimiter(app: Application): void {
  app.singleton('limiter', (services) => new Limiter(app, services.make('cache.stores').forLimits), {
    needs: ['cache.stores'],
  })
}
