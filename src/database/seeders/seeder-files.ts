/** @module The files of `database/seeders`: `limber db seed books` runs `books-seeder.ts`. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isClass } from '../../support/class-of.ts'
import { messageOf } from '../../support/message-of.ts'
import { suggest } from '../../support/suggest.ts'
import { SeederFileError, SeederNotFoundError } from './errors.ts'
import { Seeder, type SeederClass } from './seeder.ts'

const FILE_NAME = /^([a-z0-9-]+?)(?:-seeder)?\.(?:ts|js)$/

export class SeederFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The names that `load` takes. */
  names(): string[] {
    return [...this.#files().keys()]
  }

  /** @throws {SeederNotFoundError} @throws {SeederFileError} */
  async load(name: string): Promise<SeederClass> {
    const file = this.#files().get(plainName(name))
    if (!file) throw new SeederNotFoundError(name, this.#folder, suggest(name, this.names()))
    const seeder = Object.values(await importFile(path.join(this.#folder, file), file)).find(isSeeder)
    if (!seeder) throw new SeederFileError(file, 'it exports no class that extends Seeder.')
    return seeder
  }

  #files(): Map<string, string> {
    if (!existsSync(this.#folder)) return new Map()
    return new Map(
      readdirSync(this.#folder)
        .sort()
        .flatMap((file): [string, string][] => {
          const name = FILE_NAME.exec(file)?.[1]
          return name === undefined ? [] : [[name, file]]
        }),
    )
  }
}

async function importFile(file: string, label: string): Promise<object> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    throw new SeederFileError(label, messageOf(error), error)
  }
}

function isSeeder(value: unknown): value is SeederClass {
  return isClass(value) && value.prototype instanceof Seeder
}

/** `DatabaseSeeder` and `database-seeder` are `database`. */
function plainName(name: string): string {
  const kebab = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
  return kebab.replace(/-seeder$/, '')
}
