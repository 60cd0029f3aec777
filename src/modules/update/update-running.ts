/** @module Updates a module of an application that runs. */
import type { Application } from '../../application/application.ts'
import { ApplicationHost, type RunningModules } from './application-host.ts'
import { ModuleUpdate, type UpdateResult } from './module-update.ts'
import type { UpdateRequest } from './prepare-update.ts'

export async function updateRunning(
  app: Application,
  request: UpdateRequest,
  modules: RunningModules,
): Promise<UpdateResult> {
  const host = new ApplicationHost(app, modules)
  try {
    return await new ModuleUpdate(host).run(request)
  } finally {
    await host.close()
  }
}
