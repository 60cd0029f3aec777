/** @module The text of a YAML file in the folder of a module. */
import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Fault } from '../errors/limber-error.ts'
import { codeOf } from '../support/code-of.ts'

export interface YamlSource {
  /** Absolute; nothing outside of it is read. */
  readonly folder: string
  /** From the folder. */
  readonly name: string
  /** From the root of the application, for messages: `modules/shop/module.yaml`. */
  readonly place: string
  /** In bytes. */
  readonly limit: number
}

/** Makes the error of those who read a file. */
export type Refuse = (faults: readonly Fault[], cause?: unknown) => Error

/** @throws what `refuse` makes */
export async function readYamlText(source: YamlSource, refuse: Refuse): Promise<string> {
  const bytes = await readBytes(source, refuse)
  const text = decode(bytes)
  if (typeof text === 'number') {
    throw refuse([{ path: `${source.place}:${text}`, message: 'the bytes of this line are no UTF-8.' }])
  }
  const at = text.search(/[^\P{Cc}\t\n\r]/u)
  if (at >= 0) {
    const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
    const line = text.slice(0, at).split('\n').length
    throw refuse([
      { path: `${source.place}:${line}`, message: `this line has the control character U+${code}.` },
    ])
  }
  return text
}

async function readBytes({ folder, name, place, limit }: YamlSource, refuse: Refuse): Promise<Buffer> {
  const objection = (message: string, cause?: unknown) => refuse([{ path: place, message }], cause)
  let bytes: Buffer | string
  try {
    const [file, home] = await Promise.all([realpath(path.join(folder, name)), realpath(folder)])
    bytes = isInside(file, home) ? await readWithin(file, limit) : 'it leads out of the folder of the module.'
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') throw objection('the file is not there.', error)
    throw objection(`the file cannot be read: ${code ?? String(error)}.`, error)
  }
  if (typeof bytes === 'string') throw objection(bytes)
  return bytes
}

function isInside(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}

/** The bytes, or why they are not read. */
async function readWithin(file: string, limit: number): Promise<Buffer | string> {
  const { size, isFile } = await stat(file).then((found) => ({ size: found.size, isFile: found.isFile() }))
  // A pipe would keep its reader waiting.
  if (!isFile) return 'it is no file.'
  if (size > limit) return `it has ${size} bytes; at most ${limit} are read.`
  return readFile(file)
}

/** The text without a byte order mark, or the number of the first line that is no UTF-8. */
function decode(bytes: Buffer): string | number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const isText = (part: Uint8Array): boolean => {
    try {
      decoder.decode(part)
      return true
    } catch {
      return false
    }
  }
  if (isText(bytes)) return decoder.decode(bytes)
  let line = 1
  // No character of UTF-8 has the byte of a line break in it, so each line can be judged by itself.
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start)
    if (end < 0 || !isText(bytes.subarray(start, end))) return line
    start = end + 1
  }
}
