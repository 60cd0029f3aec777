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
  const beside = `${file}.${process.pid}.new`
  mkdirSync(path.dirname(file), { recursive: true })
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

export function renameDurably(from: string, to: string): void {
  renameSync(from, to)
  sync(path.dirname(to))
}

/** Removes a file so that it does not come back. */
export function removeDurably(file: string): void {
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
