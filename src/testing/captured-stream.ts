/** @module A stream that keeps what is written to it. */
import { Writable } from 'node:stream'

export class CapturedStream extends Writable {
  #text = ''

  get text(): string {
    return this.#text
  }

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.#text += chunk.toString()
    done()
  }
}
