/** @module What a file is written from. */
import { Readable } from 'node:stream'

export type FileContent = string | Uint8Array | Readable

/** Gives the bytes of a content. A stream is destroyed with it, whether it was read or not. */
export function bytesOf(content: FileContent): AsyncIterable<Uint8Array> & Disposable {
  if (!(content instanceof Readable)) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    return { [Symbol.asyncIterator]: () => once(bytes), [Symbol.dispose]: () => undefined }
  }
  // It may fail before it is read: without a listener that would end the process. Reading it tells the error.
  content.on('error', () => undefined)
  return { [Symbol.asyncIterator]: () => chunksOf(content), [Symbol.dispose]: () => void content.destroy() }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* chunksOf(content: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk))
}
