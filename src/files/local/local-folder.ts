/** @module A folder below the root of a disk that stays the same one, though its name is given to a link meanwhile. */
import { closeSync, constants, existsSync, open as openByCallback } from 'node:fs'
import { lstat, mkdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { codeOf } from '../../support/code-of.ts'
import { FileLinkError } from '../errors.ts'

const FOLDER_MODE = 0o750

/** Whether an open folder has a path of its own: only Linux has one, and not where /proc is kept away. */
const isHeld = process.platform === 'linux' && existsSync('/proc/self/fd')

// It asks for no right to list. Node does not name it; it is the same on every processor that Node runs on.
const O_PATH = 0o10000000
const OPENING = constants.O_DIRECTORY | constants.O_NOFOLLOW | (isHeld ? O_PATH : constants.O_RDONLY)

const open = promisify(openByCallback)

export class LocalFolder implements Disposable {
  /** What is done below it leads into this folder, wherever it is now; once it is closed, maybe into another. */
  readonly path: string
  readonly #disk: string
  readonly #key: string
  /** None of the root. */
  readonly #descriptor: number | undefined

  private constructor(disk: string, path: string, key: string, descriptor?: number) {
    this.#disk = disk
    this.path = path
    this.#key = key
    this.#descriptor = descriptor
  }

  /** The root may be a link, and need not be there. @param path an absolute path */
  static root(disk: string, path: string): LocalFolder {
    return new LocalFolder(disk, path, '')
  }

  /** Gives the path of something in it, which no link leads astray unless it is one itself. */
  at(name: string): string {
    return `${this.path}/${name}`
  }

  /** Opens a folder in it. @param isMaking whether it is made when it is not there @throws {FileLinkError} */
  async enter(name: string, isMaking = false): Promise<LocalFolder> {
    try {
      return await this.#open(name)
    } catch (error) {
      if (!isMaking || codeOf(error) !== 'ENOENT') throw error
    }
    // The root is made with the first folder in it.
    const isRoot = this.#descriptor === undefined
    await mkdir(this.at(name), { recursive: isRoot, mode: FOLDER_MODE }).catch(unlessThere)
    return this.#open(name)
  }

  // Nothing is written through it, so that closing it has nothing to wait for.
  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
  }

  async #open(name: string): Promise<LocalFolder> {
    const path = this.at(name)
    const key = this.#key === '' ? name : `${this.#key}/${name}`
    try {
      const descriptor = await open(path, OPENING)
      return new LocalFolder(this.#disk, isHeld ? `/proc/self/fd/${descriptor}` : path, key, descriptor)
    } catch (error) {
      // Where a folder is asked for, systems take a link for a file.
      if ((await lookAt(path))?.isSymbolicLink()) throw new FileLinkError(this.#disk, key, error)
      throw error
    }
  }
}

/** @returns undefined where nothing is */
export function lookAt(file: string) {
  return unlessAbsent(lstat(file))
}

/** @returns undefined where nothing is, or a file in the place of a folder */
export async function unlessAbsent<Found>(work: Promise<Found>): Promise<Found | undefined> {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}
