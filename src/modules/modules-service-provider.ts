/** @module Registers `modules`. */
import { ServiceProvider } from '../application/service-provider.ts'
import { Modules } from './modules.ts'

export class ModulesServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('modules', async () => new Modules(this.app).start())
  }
}
