/** @module The folder of a module is replaced by renames, and put back by renames. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { renameDurably, syncTree } from '../../support/durable-file.ts'
import type { UpdatePlaces } from './update-places.ts'

export function swapFolders(folder: string, { next, previous }: UpdatePlaces): void {
  syncTree(next)
  renameDurably(folder, previous)
  renameDurably(next, folder)
}

/** Undoes a swap, however far it has come. */
export function putFolderBack(folder: string, { previous }: UpdatePlaces, backup: string): void {
  if (existsSync(previous)) {
    rmSync(folder, { recursive: true, force: true })
    renameDurably(previous, folder)
  } else if (!existsSync(folder)) {
    // Somebody has tidied up: the copy is what is left.
    cpSync(path.join(backup, 'code'), `${folder}.copied`, { recursive: true, verbatimSymlinks: true })
    syncTree(`${folder}.copied`)
    renameDurably(`${folder}.copied`, folder)
  }
}

export function removeLeftovers({ fetched, next, previous }: UpdatePlaces): void {
  for (const folder of [fetched, next, previous]) rmSync(folder, { recursive: true, force: true })
}
