/** @module Registers `files`, and what HTTP and the health of the application ask of it. */
import type { HealthCheck } from '../application/ports/health-check.ts'
import type { ServedFiles } from '../application/ports/served-files.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { attemptAll, throwAll } from '../errors/attempt-all.ts'
import { checkFilesConfig } from './check-config.ts'
import type { Files } from './files.ts'
import { type OpenDisks, openDisks } from './open-disks.ts'
import { ServedLocalFiles } from './urls/served-local-files.ts'

declare module '../container/services.ts' {
  interface Services {
    /** The default disk; the others by `files.disk(name)`. */
    files: Files
    'files.disks': OpenDisks
    /** Bound when `urls` is configured. */
    'files.served': ServedFiles
    'files.health': HealthCheck
  }
}

/**
 * Binds `files`, from `config/files.ts`.
 *
 * @example
 * ```ts
 * import { defineApp } from 'limber'
 * import { FilesServiceProvider } from 'limber/files'
 * import { HttpServiceProvider } from 'limber/http'
 *
 * export default defineApp({ name: 'library', providers: [HttpServiceProvider, FilesServiceProvider] })
 * ```
 */
export class FilesServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('files.disks', () => openDisks(this.app), {
      dispose: ({ stores }) => {
        for (const store of stores.values()) store.close()
      },
    })
    this.app.singleton('files', (services) => services.make('files.disks').files, {
      needs: ['files.disks'],
      // The disks are closed together.
      dispose: () => undefined,
    })
    this.app.singleton('files.health', () => ({ name: 'files', check: () => this.#check() }))
    this.app.tag('health', 'files.health')
    if (this.app.config.find('files')?.urls) this.#serve()
  }

  /** @throws {InvalidFilesConfigError} */
  override boot(): void {
    checkFilesConfig(this.app.config.find('files'))
  }

  #serve(): void {
    this.app.singleton('files.served', () => {
      const { signer, stores } = this.app.make('files.disks')
      // It is only bound where the configuration has what makes one.
      if (!signer) throw new Error('Nothing signs URLs of files.')
      return new ServedLocalFiles(signer, stores)
    })
    this.app.tag('served files', 'files.served')
  }

  async #check(): Promise<void> {
    const stores = [...this.app.make('files.disks').stores.values()]
    const errors = await attemptAll(stores.map((store) => () => store.check?.()))
    throwAll(errors, `${errors.length} disks do not work.`)
  }
}
