/** @module The models of an application: those it lists, and those that come from elsewhere. */
import type { Application } from '../../application/application.ts'
import type { Lazy } from '../../application/define-app.ts'
import type {} from '../../application/ports/model-source.ts'

export function modelsOf(app: Application): Lazy[] {
  const offered = app.tagged('models').flatMap((source) => source.models())
  return [...(app.config.find('app.models') ?? []), ...offered]
}
