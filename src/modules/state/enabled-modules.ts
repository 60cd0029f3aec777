/** @module What was consented to with `limber module enable`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface EnabledModule {
  readonly permissions: readonly string[]
  readonly version: string
}

export class EnabledModules {
  readonly #file: string

  /** @param folder absolute */
  constructor(folder: string) {
    this.#file = path.join(folder, 'modules.json')
  }

  all(): ReadonlyMap<string, EnabledModule> {
    if (!existsSync(this.#file)) return new Map()
    const entries: Record<string, EnabledModule> = JSON.parse(readFileSync(this.#file, 'utf8'))
    return new Map(Object.entries(entries))
  }

  find(name: string): EnabledModule | undefined {
    return this.all().get(name)
  }

  set(name: string, entry: EnabledModule): void {
    this.#write(new Map(this.all()).set(name, entry))
  }

  remove(name: string): void {
    const rest = new Map(this.all())
    rest.delete(name)
    this.#write(rest)
  }

  #write(entries: ReadonlyMap<string, EnabledModule>): void {
    mkdirSync(path.dirname(this.#file), { recursive: true })
    writeFileSync(this.#file, JSON.stringify(Object.fromEntries(entries)))
  }
}
