/** @module Port: models of the application's database that `config/app.ts` does not list. Bind it and tag it `models`. */
import type { Lazy } from '../define-app.ts'

export interface ModelSource {
  /** Asked when the database is opened, which is after every provider has booted. */
  models(): readonly Lazy[]
}

declare module '../../container/services.ts' {
  interface Tags {
    models: ModelSource
  }
}
