/** @module Removes something with all that is in it. */
import { readdir, rmdir, unlink } from 'node:fs/promises'
import { codeOf } from '../../support/code-of.ts'
import { type LocalFolder, lookAt, unlessAbsent } from './local-folder.ts'

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
    if (!(await lookAt(parent.at(name)))?.isDirectory()) throw error
  }
  await empty(parent, name)
  await rmdir(parent.at(name))
}

async function empty(parent: LocalFolder, name: string): Promise<void> {
  using folder = await parent.enter(name)
  const names = await readdir(folder.path)
  // All are waited for, whatever fails: once the folder is closed, its path may be that of another.
  const left = await Promise.all(
    names.map((found) =>
      unlink(folder.at(found)).then(
        () => [],
        () => [found],
      ),
    ),
  )
  // Folders one by one, since each is open meanwhile. What is none says why it stays.
  for (const found of left.flat()) await removeTree(folder, found)
}
