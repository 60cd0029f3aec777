/** @module The content of one uploaded file, as a stream that fails when the file is not whole. */
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** What the parser gives: it says whether it has cut the file off. */
export type ParsedFile = Readable & { readonly truncated: boolean }

export class FileStream extends Readable {
  readonly #file: ParsedFile
  readonly #tooLarge: () => Error
  #isReading = false

  constructor(file: ParsedFile, tooLarge: () => Error, broken: (cause?: Error) => Error) {
    super()
    this.#file = file
    this.#tooLarge = tooLarge
    file.on('error', (error) => this.destroy(broken(error)))
    file.on('close', () => {
      if (!file.readableEnded) this.destroy(broken())
    })
    // The loop over the uploads fails as well, also when nobody reads this one.
    this.on('error', () => undefined)
  }

  /** Waits for whoever reads it; when nobody does, lets it pass by. */
  async settle(): Promise<void> {
    const isWanted = this.#isReading || this.listenerCount('data') + this.listenerCount('readable') > 0
    if (!isWanted) this.destroy()
    // Its failure belongs to the one who reads.
    if (!this.closed) await finished(this).catch(() => undefined)
  }

  override _read(): void {
    if (!this.#isReading) {
      this.#isReading = true
      this.#file.on('data', this.#take)
      this.#file.on('end', () => {
        if (this.#file.truncated) this.destroy(this.#tooLarge())
        else this.push(null)
      })
    }
    this.#file.resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // The parser comes to the next part only when this one has passed.
    this.#file.off('data', this.#take)
    this.#file.resume()
    done(error)
  }

  readonly #take = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#file.pause()
  }
}
