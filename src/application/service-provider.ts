/** @module The place where an application binds its services. */
import type { Application } from './application.ts'

/**
 * Binds services in `register`, and prepares them in `boot` when every provider has registered.
 *
 * @example
 * ```ts
 * import { ServiceProvider } from 'limber'
 *
 * class Mailer {}
 *
 * export class MailServiceProvider extends ServiceProvider {
 *   override register() {
 *     this.app.singleton(Mailer)
 *   }
 * }
 * ```
 */
export abstract class ServiceProvider {
  protected readonly app: Application

  constructor(app: Application) {
    this.app = app
  }

  /** Binds services; asking for one here is an error, since others may not be bound yet. */
  register(): void {
    // A provider that only boots has nothing to bind.
  }

  /** Prepares services; it may ask for them and await. */
  boot(): void | Promise<void> {
    // A provider that only binds has nothing to prepare.
  }
}

export type ServiceProviderClass = new (app: Application) => ServiceProvider
