/** @module The part `routes` of modules: their routes come and go while the server listens. */
import type { Application } from '../../application/application.ts'
import type { ModulePart, PartFile, PartOwner } from '../../application/ports/module-part.ts'
import { attemptAll, throwAll } from '../../errors/attempt-all.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { RoutesFileError } from '../routing/errors.ts'
import { loadRoutes } from '../routing/load-routes.ts'
import { RouteOwner } from '../routing/route-owner.ts'
import { Router } from '../routing/router.ts'
import { tellCut } from '../server/open-work.ts'

export class RoutesPart implements ModulePart {
  readonly name = 'routes'
  readonly permission = 'use_http'
  readonly #app: Application

  constructor(app: Application) {
    this.#app = app
  }

  /**
   * Runs the files of a module, and has their routes answered.
   *
   * @throws {RoutesFileError} @throws {RouteConflictError} @throws {RouteNameTakenError} @throws {InvalidRouteError} then
   * nothing has changed
   */
  async add({ name }: PartOwner, files: readonly PartFile[]): Promise<(deadline: number) => Promise<void>> {
    const owner = new RouteOwner(name)
    const guest = new Router({ owner, host: await loadRoutes(this.#app) })
    for (const file of files) await runFile(file, guest)
    guest.close()
    const dismiss = await this.#app.make('http').admit(guest)
    const log = this.#app.make('log')
    const end = async (deadline: number) => {
      owner.leave()
      const finish = () => owner.inFlight.finish(deadline, (open) => tellCut(log, open))
      throwAll(await attemptAll([dismiss, finish]), 'The routes of a module could not be taken away.')
    }
    let ending: Promise<void> | undefined
    return (deadline) => {
      ending ??= end(deadline)
      return ending
    }
  }
}

async function runFile({ path, exports }: PartFile, router: Router): Promise<void> {
  const { default: add } = exports
  if (typeof add !== 'function') {
    const hint = 'Export a function: export default (router: Router) => { router.get(…) }.'
    throw new RoutesFileError(path, 'its default export is not a function.', hint)
  }
  try {
    await add(router)
  } catch (error) {
    if (error instanceof LimberError) throw error
    const hint = 'Correct the file; the cause says where it failed.'
    throw new RoutesFileError(path, messageOf(error), hint, error)
  }
}
