/** @module The disks of an application; the default one is at hand. */
import { suggest } from '../support/suggest.ts'
import { Disk } from './disk.ts'
import { DiskNotFoundError } from './errors.ts'

/**
 * Is the default disk, and gives the others by name.
 *
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 *
 * const app = await createApplication()
 * await app.boot()
 * const files = app.make('files')
 * await files.write('covers/emma.txt', 'A cover')
 * await files.disk('archive').write('2026/emma.txt', await files.stream('covers/emma.txt'))
 * ```
 */
export class Files extends Disk {
  readonly #disks: ReadonlyMap<string, Disk>

  /** @param main what it is itself */
  constructor(main: ConstructorParameters<typeof Disk>, disks: ReadonlyMap<string, Disk>) {
    super(...main)
    this.#disks = disks
  }

  /**
   * @param name default: the default disk
   * @throws {DiskNotFoundError}
   */
  disk(name: string = this.name): Disk {
    const disk = this.#disks.get(name)
    const known = [...this.#disks.keys()]
    if (!disk) throw new DiskNotFoundError(name, known, suggest(name, known))
    return disk
  }
}
