/** @module Files on their way: they get their name when they are whole. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { FileLinkError } from '../errors.ts'
import { TEMPORARY_FOLDER } from '../file-key.ts'
import { codeOf } from './explain-failure.ts'
import type { LocalPaths } from './local-paths.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

const FOLDER_MODE = 0o750
const FILE_MODE = 0o640

/** What is older was left by a process that was killed. */
const LEFT_BEHIND = 24 * 60 * 60 * 1000

/** How often a folder is made again that another process removes as empty. */
const TRIES = 100
const RACES = new Set(['ENOENT', 'ENOTDIR'])

export interface TemporaryFile {
  readonly path: string
  readonly handle: FileHandle
}

export class TemporaryFiles {
  readonly #disk: string
  readonly #paths: LocalPaths
  #isSwept = false

  constructor(disk: string, paths: LocalPaths) {
    this.#disk = disk
    this.#paths = paths
  }

  async create(): Promise<TemporaryFile> {
    const folder = await this.#folder()
    await this.#sweep(folder)
    const file = path.join(folder, crypto.randomUUID())
    return { path: file, handle: await open(file, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, FILE_MODE) }
  }

  /** Removes a folder: it goes in one step, so that whoever writes meanwhile begins a new one. */
  async discard(folder: string): Promise<void> {
    const place = path.join(await this.#folder(), crypto.randomUUID())
    await rename(folder, place).catch(unlessGone)
    await rm(place, { recursive: true, force: true })
  }

  async #folder(): Promise<string> {
    const folder = path.join(await this.#paths.root(), TEMPORARY_FOLDER)
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
    if ((await lstat(folder)).isSymbolicLink()) throw new FileLinkError(this.#disk, TEMPORARY_FOLDER)
    return folder
  }

  /** Removes what killed processes have left, once in the life of this one. */
  async #sweep(folder: string): Promise<void> {
    if (this.#isSwept) return
    this.#isSwept = true
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name)
      // File systems have a clock of their own, which is the one that counts here.
      const age = Date.now() - ((await lstat(file).catch(nothing))?.mtimeMs ?? Number.POSITIVE_INFINITY)
      // What it may not remove does not keep anybody from writing.
      if (age > LEFT_BEHIND) await rm(file, { recursive: true, force: true }).catch(nothing)
    }
  }
}

/** Gives a file its name, over what has it now. */
export async function moveInto(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(path.dirname(to), { recursive: true, mode: FOLDER_MODE })
      return await rename(from, to)
    } catch (error) {
      // The folder was empty, and somebody who removed its last file has removed it meanwhile; that confuses mkdir as well,
      // which then says ENOTDIR. Where a file does stand in the way, it is the same each time.
      const isGone = RACES.has(codeOf(error) ?? '') && tries < TRIES && (await lstat(from).catch(nothing))
      if (!isGone) throw error
    }
  }
}

export function unlessGone(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}

function nothing(): undefined {
  return undefined
}
