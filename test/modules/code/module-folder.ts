/** @module A module in an application folder of its own, for the tests of its code. */
import path from 'node:path'
import { appFolder, link, write } from '../../support/app-folder.ts'
import { repository } from '../../support/run-limber.ts'

export type Files = Readonly<Record<string, string>>
/** What this test uses of a room that has no door. */
interface ModuleCode {
  files(part: string): string[]
  import(file: string): Promise<Exports>
  part(part: string): Promise<readonly { readonly path: string; readonly exports: Exports }[]>
  close(): void
}

const { ModuleCode } = await import(path.join(repository, 'src/modules/code/module-code.ts'))

type Exports = Readonly<Record<string, unknown>>

export class ModuleFolder {
  readonly root: string

  /** @param files of the module in `modules/shop` */
  constructor(files: Files = {}) {
    this.root = appFolder({ 'package.json': '{ "type": "module" }' })
    link(this.root, 'zod', path.join(repository, 'node_modules/zod'))
    this.write(files)
  }

  get folder(): string {
    return path.join(this.root, 'modules/shop')
  }

  write(files: Files): void {
    const entries = Object.entries({ 'module.yaml': 'name: shop', ...files })
    write(this.root, Object.fromEntries(entries.map(([name, text]) => [`modules/shop/${name}`, text])))
  }

  load(): ModuleCode {
    return new ModuleCode({ folder: this.folder, root: this.root })
  }

  /** What a file exports in a load of its own. */
  import(name = 'provider.ts'): Promise<Exports> {
    return this.load().import(path.join(this.folder, name))
  }
}

/** What the provider of a module with these files exports. */
export function run(files: Files): Promise<Exports> {
  return new ModuleFolder(files).import()
}
