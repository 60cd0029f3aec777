/** @module What stands for something that was thrown and that nobody can look at. */

/** The cause in the log, where the real one has no text, or throws when it is asked for one. */
export class UnspeakableError extends Error {
  override readonly name = 'UnspeakableError'

  constructor() {
    super('What was thrown cannot be put into words: it has no text, or one of its properties throws.')
  }
}
