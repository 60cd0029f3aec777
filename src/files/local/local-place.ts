/** @module Where a key leads: the folders on its way, each opened in the one before, and a name in the last of them. */
import { rmdir } from 'node:fs/promises'
import { codeOf } from './explain-failure.ts'
import type { LocalFolder } from './local-folder.ts'

interface Step {
  readonly parent: LocalFolder
  readonly name: string
  readonly folder: LocalFolder
}

export class LocalPlace implements Disposable {
  readonly folder: LocalFolder
  readonly name: string
  readonly #steps: readonly Step[]

  private constructor(folder: LocalFolder, name: string, steps: readonly Step[]) {
    this.folder = folder
    this.name = name
    this.#steps = steps
  }

  /**
   * Opens the folders of a key; what has its name may be anything, also a link.
   *
   * @param isMaking whether folders that are not there are made
   * @throws {FileLinkError}
   */
  static async open(root: LocalFolder, key: string, isMaking = false): Promise<LocalPlace> {
    const names = key.split('/')
    const last = names.pop() ?? key
    const steps: Step[] = []
    let parent = root
    try {
      for (const name of names) {
        const folder = await parent.enter(name, isMaking)
        steps.push({ parent, name, folder })
        parent = folder
      }
    } catch (error) {
      close(steps)
      throw error
    }
    return new LocalPlace(parent, last, steps)
  }

  get path(): string {
    return this.folder.at(this.name)
  }

  /** Removes its folders as far as they are empty, so that no list shows them. */
  async prune(): Promise<void> {
    for (const { parent, name } of this.#steps.toReversed()) {
      try {
        await rmdir(parent.at(name))
      } catch (error) {
        // It has files, or somebody else has removed it; the files are what matters.
        if (codeOf(error) !== 'ENOENT') return
      }
    }
  }

  [Symbol.dispose](): void {
    close(this.#steps)
  }
}

function close(steps: readonly Step[]): void {
  for (const { folder } of steps) folder[Symbol.dispose]()
}
