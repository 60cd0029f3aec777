/** @module Where a key leads: a folder, reached by opening each in the one before, and a name in it. */
import { rmdir } from 'node:fs/promises'
import { codeOf } from '../../support/code-of.ts'
import type { LocalFolder } from './local-folder.ts'

export class LocalPlace implements Disposable {
  readonly folder: LocalFolder
  readonly #name: string

  private constructor(folder: LocalFolder, name: string) {
    this.folder = folder
    this.#name = name
  }

  /**
   * Opens the folder of a key; what has its name may be anything, also a link.
   *
   * @param isMaking whether folders that are not there are made
   * @throws {FileLinkError}
   */
  static async open(root: LocalFolder, key: string, isMaking = false): Promise<LocalPlace> {
    const names = key.split('/')
    const last = names.pop() ?? key
    let folder = root
    for (const name of names) {
      // Only one is open at a time: many keys are asked for at once.
      using parent = folder
      folder = await parent.enter(name, isMaking)
    }
    return new LocalPlace(folder, last)
  }

  /** Removes the folders of a key as far as they are empty, so that no list shows them. */
  static async prune(root: LocalFolder, key: string): Promise<void> {
    for (let names = key.split('/').slice(0, -1); names.length > 0; names = names.slice(0, -1)) {
      try {
        using place = await LocalPlace.open(root, names.join('/'))
        await rmdir(place.path)
      } catch (error) {
        // It has files, or somebody else has removed it; the files are what matters.
        if (codeOf(error) !== 'ENOENT') return
      }
    }
  }

  get path(): string {
    return this.folder.at(this.#name)
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]()
  }
}
