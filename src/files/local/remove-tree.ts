/** @module Removes something with all that is in it. */
import { readdir, rmdir, unlink } from 'node:fs/promises'
import { codeOf } from './explain-failure.ts'
import { type LocalFolder, unlessAbsent } from './local-folder.ts'

/** How often a folder is emptied into which others still write. */
const TRIES = 100

/** Removes what has a name in a folder, or nothing when nothing has it. Links are removed, and not what they lead to. */
export async function removeTree(parent: LocalFolder, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await unlessAbsent(removeOnce(parent, name))
    } catch (error) {
      if (codeOf(error) !== 'ENOTEMPTY' || tries === TRIES) throw error
    }
  }
}

async function removeOnce(parent: LocalFolder, name: string): Promise<void> {
  try {
    return await unlink(parent.at(name))
  } catch (error) {
    // Linux says the one of a folder, POSIX the other.
    if (codeOf(error) !== 'EISDIR' && codeOf(error) !== 'EPERM') throw error
  }
  await empty(parent, name)
  await rmdir(parent.at(name))
}

async function empty(parent: LocalFolder, name: string): Promise<void> {
  await using folder = await parent.enter(name)
  for (const found of await readdir(folder.path)) await removeTree(folder, found)
}
