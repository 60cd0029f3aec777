/** @module Files that are there after a power cut: written beside, synced, and renamed. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'

/** Writes the whole of a file, or leaves it as it was. */
export function writeDurably(file: string, text: string): void {
  // One name, so that what a killed process has left is written over.
  const beside = `${file}.new`
  makeFolderDurably(path.dirname(file))
  try {
    const opened = openSync(beside, 'w', 0o600)
    try {
      writeFileSync(opened, text)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    renameDurably(beside, file)
  } finally {
    rmSync(beside, { force: true })
  }
}

/** Creates a folder with those above it, so that they are there with what is written into them. */
export function makeFolderDurably(folder: string, mode?: number): void {
  const first = mkdirSync(folder, { recursive: true, mode })
  if (first === undefined) return
  for (let here = path.resolve(folder); here.length >= first.length; here = path.dirname(here)) {
    sync(path.dirname(here))
  }
}

export function renameDurably(from: string, to: string): void {
  renameSync(from, to)
  sync(path.dirname(to))
}

/** Removes a file so that it does not come back. */
export function removeDurably(file: string): void {
  rmSync(`${file}.new`, { force: true })
  rmSync(file, { force: true })
  sync(path.dirname(file))
}

/** Syncs a folder with all that is in it. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name)
    if (entry.isDirectory()) syncTree(inside)
    else if (entry.isFile()) sync(inside)
  }
  sync(folder)
}

/** Of a file or a folder. */
export function sync(place: string): void {
  const opened = openSync(place, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
