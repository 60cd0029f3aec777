/** @module From keys to paths below the root of a disk. No symbolic link below it is followed. */
import { lstat, realpath, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { FileLinkError } from '../errors.ts'
import { codeOf } from './explain-failure.ts'

export class LocalPaths {
  readonly #disk: string
  readonly #root: string

  constructor(disk: string, root: string) {
    this.#disk = disk
    this.#root = root
  }

  /** The root itself may be a link. Not there, it is the path of the configuration. */
  async root(): Promise<string> {
    try {
      return await realpath(this.#root)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return this.#root
      throw error
    }
  }

  /**
   * Gives the path of a file, whose folders are no links; the file itself may be one.
   *
   * @throws {FileLinkError}
   */
  async of(key: string): Promise<string> {
    const root = await this.root()
    const names = key.split('/')
    let folder = root
    for (const name of names.slice(0, -1)) {
      folder = path.join(folder, name)
      const found = await lookAt(folder)
      if (found?.isSymbolicLink()) throw new FileLinkError(this.#disk, key)
      // What is not there has nothing in it.
      if (!found) break
    }
    return path.join(root, ...names)
  }

  /** The same for a folder, which is no link either. @param key empty for the root @throws {FileLinkError} */
  async ofFolder(key: string): Promise<string> {
    return path.dirname(await this.of(key === '' ? 'x' : `${key}/x`))
  }

  /** Removes the folders of a file as far as they are empty, so that no list shows them. */
  async prune(file: string): Promise<void> {
    const root = await this.root()
    for (let folder = path.dirname(file); folder.startsWith(root + path.sep); folder = path.dirname(folder)) {
      try {
        await rmdir(folder)
      } catch (error) {
        // It has files, or somebody else has removed it; the files are what matters.
        if (codeOf(error) !== 'ENOENT') return
      }
    }
  }
}

/** @returns undefined where nothing is */
export async function lookAt(file: string) {
  try {
    return await lstat(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
