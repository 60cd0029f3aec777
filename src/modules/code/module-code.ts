/** @module The code of a module, evaluated anew for each that is loaded. */
import { cpSync, existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PartFile } from '../../application/ports/module-part.ts'

let evaluations = 0

export class ModuleCode {
  readonly #folder: string
  readonly #root: string
  readonly #version = ++evaluations

  constructor({ folder, root }: { folder: string; root: string }) {
    this.#folder = folder
    this.#root = root
  }

  files(part: string): string[] {
    const names = globSync([`${part}.{ts,js}`, `${part}/**/*.{ts,js}`], { cwd: this.#folder }).sort()
    return names.map((name) => path.join(this.#folder, name))
  }

  import(file: string): Promise<Readonly<Record<string, unknown>>> {
    const place = path.join(this.#root, 'storage', 'code', `${process.pid}-${this.#version}`)
    if (!existsSync(place)) cpSync(this.#folder, place, { recursive: true })
    return import(pathToFileURL(path.join(place, path.relative(this.#folder, file))).href)
  }

  async part(part: string): Promise<readonly PartFile[]> {
    const files = this.files(part).map(async (file) => ({
      path: path.relative(this.#root, file),
      exports: await this.import(file),
    }))
    return Promise.all(files)
  }

  close(): void {
    // Nothing is held.
  }
}
