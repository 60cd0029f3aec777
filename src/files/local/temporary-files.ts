/** @module Files on their way: they get their name when they are whole. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rename } from 'node:fs/promises'
import { codeOf } from '../../support/code-of.ts'
import { TEMPORARY_FOLDER } from '../file-key.ts'
import { type LocalFolder, unlessAbsent } from './local-folder.ts'
import { LocalPlace } from './local-place.ts'
import { removeTree } from './remove-tree.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

const FILE_MODE = 0o640

/** What is older was left by a process that was killed. */
const LEFT_BEHIND = 24 * 60 * 60 * 1000

/** How often a folder is made again that another process removes as empty. */
const TRIES = 100

/** Its folder is open until it is disposed of. */
export interface TemporaryFile extends Disposable {
  readonly path: string
  readonly handle: FileHandle
}

export class TemporaryFiles {
  readonly #root: LocalFolder
  #isSwept = false

  constructor(root: LocalFolder) {
    this.#root = root
  }

  async create(): Promise<TemporaryFile> {
    const folder = await this.#open()
    try {
      await this.#sweep(folder)
      const path = folder.at(crypto.randomUUID())
      const handle = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, FILE_MODE)
      return { path, handle, [Symbol.dispose]: () => folder[Symbol.dispose]() }
    } catch (error) {
      folder[Symbol.dispose]()
      throw error
    }
  }

  /** Removes a folder: it goes in one step, so that whoever writes after it begins a new one. */
  async discard(path: string): Promise<void> {
    using folder = await this.#open()
    const name = crypto.randomUUID()
    await unlessAbsent(rename(path, folder.at(name)))
    await removeTree(folder, name)
  }

  #open(): Promise<LocalFolder> {
    return this.#root.enter(TEMPORARY_FOLDER, true)
  }

  /** Removes what killed processes have left, once in the life of this one. */
  async #sweep(folder: LocalFolder): Promise<void> {
    if (this.#isSwept) return
    this.#isSwept = true
    for (const name of await readdir(folder.path)) {
      // File systems have a clock of their own, which is the one that counts here.
      const age =
        Date.now() - ((await lstat(folder.at(name)).catch(nothing))?.mtimeMs ?? Number.POSITIVE_INFINITY)
      // What it may not remove does not keep anybody from writing.
      if (age > LEFT_BEHIND) await removeTree(folder, name).catch(nothing)
    }
  }
}

/** Gives a file its name, over what has it now. */
export async function moveInto(from: string, root: LocalFolder, key: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      using place = await LocalPlace.open(root, key, true)
      return await rename(from, place.path)
    } catch (error) {
      // The folder was empty, and somebody who removed its last file has removed it meanwhile.
      const isGone = codeOf(error) === 'ENOENT' && tries < TRIES && (await lstat(from).catch(nothing))
      if (!isGone) throw error
    }
  }
}

function nothing(): undefined {
  return undefined
}
