/** @module The files of the modules of an application, written anew for each round. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const NUMBER = /(?<=\bround: number = )\d+/

export class SourceFiles {
  readonly #root: string
  readonly #files = new Map<string, string>()

  constructor(root: string) {
    this.#root = root
    for (const file of globSync('modules/**/*.{ts,yaml}', { cwd: root })) {
      this.#files.set(file, readFileSync(path.join(root, file), 'utf8'))
    }
  }

  /** Has every file that says the number of the round say this one. */
  write(round: number): void {
    for (const [file, text] of this.#files) {
      if (NUMBER.test(text)) this.create(file, text.replace(NUMBER, String(round)))
    }
  }

  /** What a file says at first. */
  textOf(file: string): string {
    return this.#files.get(file) ?? ''
  }

  create(file: string, text: string): void {
    writeFileSync(path.join(this.#root, file), text)
  }
}
