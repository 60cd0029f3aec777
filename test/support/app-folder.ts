/** @module An application folder for one test, in which `limber` is installed by a link. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { repository } from './run-limber.ts'

/** Makes a folder with these files; it is removed when the test ends. */
export function appFolder(files: Readonly<Record<string, string>> = {}, limber = repository): string {
  const folder = emptyFolder()
  link(folder, 'limber', limber)
  write(folder, files)
  return folder
}

export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'limber-console-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
}

export function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
}

/** Installs a package by linking it into the folder's node_modules. */
export function link(folder: string, name: string, target: string): void {
  const place = path.join(folder, 'node_modules', name)
  mkdirSync(path.dirname(place), { recursive: true })
  symlinkSync(target, place, 'dir')
}
