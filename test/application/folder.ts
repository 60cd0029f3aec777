import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder with these files, for one test. It lies in the repository, so that its files can import limber. */
export function applicationFolder(files: Record<string, string>): string {
  mkdirSync('dist', { recursive: true })
  const root = mkdtempSync(path.resolve('dist', 'folder-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return root
}
