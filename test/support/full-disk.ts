/** @module A disk that is really full, and a file that may not grow. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { findProgram } from './server-process.ts'

export interface Disk {
  readonly folder: string
  fill(): void
  makeRoom(): void
}

const mount = (folder: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' })
const unmount = (folder: string) => execFileSync('umount', ['-l', folder])

function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'limber-disk-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A file system of 16 MB, and a file that fills it but for a few pages. */
function smallDisk(): Disk {
  const folder = tempFolder()
  mount(folder)
  onTestFinished(() => void unmount(folder))
  const ballast = path.join(folder, 'ballast')
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 16 * 1024))
    },
    makeRoom: () => rmSync(ballast),
  }
}

/** The same for this process alone, by a limit on the size of the files that it writes: that of this one, and a few pages. */
function limitedFiles(growing: string): Disk {
  const folder = tempFolder()
  const prlimit = (...argv: string[]) =>
    execFileSync('prlimit', ['--pid', String(process.pid), ...argv], { encoding: 'utf8' }).trim()
  const before = prlimit('--fsize', '--output=SOFT', '--noheadings', '--raw')
  const limit = (size: string | number) => void prlimit(`--fsize=${size}:`)
  onTestFinished(() => limit(before))
  return {
    folder,
    fill: () => limit(statSync(path.join(folder, growing)).size + 16 * 1024),
    makeRoom: () => limit(before),
  }
}

function mayMount(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-mount-'))
  try {
    mount(folder)
    unmount(folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The ways to a full disk that this user may go; `make` is told which file in the folder grows. */
export const FULL_DISKS: readonly { readonly way: string; make(growing: string): Disk }[] = [
  ...(mayMount() ? [{ way: 'a full disk', make: smallDisk }] : []),
  ...(findProgram('prlimit') ? [{ way: 'a limit on the size of files', make: limitedFiles }] : []),
]
