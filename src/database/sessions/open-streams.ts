/** @module The streams of a session that are not read to their end: each may hold a connection of the pool. */

export class OpenStreams {
  readonly #open = new Set<AsyncIterableIterator<unknown>>()

  /**
   * Reads a stream through its session, which refuses to read on after its end: to stop without an error would look like
   * the end of the rows.
   */
  async *follow<T>(
    stream: AsyncIterableIterator<T>,
    reading: <S>(statement: () => Promise<S>) => Promise<S>,
  ): AsyncGenerator<T> {
    this.#open.add(stream)
    try {
      while (true) {
        const { done, value } = await reading(() => stream.next())
        if (done) return
        yield value
      }
    } finally {
      this.#open.delete(stream)
      await stream.return?.()
    }
  }

  /** Ends them, so that whoever has left one open keeps nobody waiting. */
  async end(): Promise<void> {
    for (const stream of this.#open) await stream.return?.()
  }
}

/** Reads a stream to its end at once. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of stream) all.push(one)
  return all
}
