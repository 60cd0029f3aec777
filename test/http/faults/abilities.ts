/** @module The uploads and the static files of the server that gets faulty requests. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type HttpConfig, type HttpContext, uploadsOf } from 'limber/http'

export const ABILITIES: HttpConfig = {
  uploads: { files: 2, fileSize: 10, fields: 2, fieldSize: 10 },
  static: { root: 'files', prefix: '/files' },
}

/** A folder with a file, and around it what nobody may see. */
export function writeFiles(root: string): void {
  mkdirSync(path.join(root, 'files', 'folder', '.git'), { recursive: true })
  writeFileSync(path.join(root, 'secret.txt'), 'secret')
  writeFileSync(path.join(root, 'files', 'a.txt'), 'a file')
  writeFileSync(path.join(root, 'files', '.env'), 'secret')
  writeFileSync(path.join(root, 'files', 'folder', '.git', 'config'), 'secret')
  symlinkSync(path.join(root, 'secret.txt'), path.join(root, 'files', 'link.txt'))
}

/** Tells of each part what it is called, and how large it is. */
export async function upload(context: HttpContext) {
  const parts: unknown[] = []
  for await (const part of uploadsOf(context)) {
    if (part.kind === 'field') parts.push([part.name, part.value])
    else parts.push([part.name, part.safeName, (await buffer(part.stream)).byteLength])
  }
  return parts
}
