/** @module The code of a module: imported anew for every load, and forgotten when the module is unloaded. */
import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { PartFile } from '../../application/ports/module-part.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { PackageMissingError } from '../../support/load-feature.ts'
import { CodeGraph, firstLine } from './code-graph.ts'
import { loadCompiler } from './compiler.ts'
import { ModuleCodeError } from './errors.ts'
import { faultPlace } from './fault-place.ts'
import { partFiles } from './part-files.ts'
import { PlainCode } from './plain-code.ts'
import type { Namespace } from './script.ts'

export interface ModuleCodeFacts {
  /** The folder of the module, absolute. */
  readonly folder: string
  /** The folder of the application, absolute; messages name files from here. */
  readonly root: string
}

/**
 * Imports the files of one module, from one load to its unload. Each has its own evaluation of every file in the folder;
 * the framework, the application and packages are those of the process.
 */
export class ModuleCode {
  readonly #folder: string
  readonly #realFolder: string
  readonly #root: string
  #graph: Promise<CodeGraph | PlainCode> | undefined
  #isClosed = false

  constructor({ folder, root }: ModuleCodeFacts) {
    this.#folder = folder
    this.#realFolder = realpathSync(folder)
    this.#root = root
  }

  /** Lists the files of a part, sorted: `routes.ts`, and everything below `routes/`. Tests and declarations are left out. */
  files(part: string): string[] {
    return partFiles(this.#folder, part)
  }

  /**
   * Gives what a file of the module exports.
   *
   * @param file absolute
   * @throws {ModuleCodeError} when the file or one that it imports is not there, does not compile or throws
   * @throws {PackageMissingError} without rolldown: for TypeScript, and when the module was imported before
   */
  async import(file: string): Promise<Namespace> {
    if (this.#isClosed) throw this.#refused(file)
    this.#graph ??= this.#makeGraph()
    const graph = await this.#graph
    try {
      return await graph.import(this.#realFile(file))
    } catch (error) {
      if (error instanceof ModuleCodeError || error instanceof PackageMissingError) throw error
      throw this.#explain(file, graph, error)
    }
  }

  /** Imports the files of a part, one after the other. */
  async part(part: string): Promise<readonly PartFile[]> {
    const files: PartFile[] = []
    for (const file of this.files(part)) {
      files.push({ path: this.#nameOf(file), exports: await this.import(file) })
    }
    return files
  }

  /** Tells where in the module something went wrong: `modules/shop/provider.ts:12`, or the file; undefined for elsewhere. */
  async placeOf(error: unknown): Promise<string | undefined> {
    const graph = await this.#graph?.catch(() => undefined)
    return this.#placeOf(error, graph)
  }

  /** Names a file as messages do, from the root. */
  nameOf(file: string): string {
    return this.#nameOf(file)
  }

  /** Forgets everything. What still runs of it can import nothing any more. */
  close(): void {
    this.#isClosed = true
    const graph = this.#graph
    this.#graph = undefined
    graph?.then(
      (open) => open instanceof CodeGraph && open.close(),
      // Whoever imported was told why there is nothing to close.
      () => undefined,
    )
  }

  async #makeGraph(): Promise<CodeGraph | PlainCode> {
    try {
      return new CodeGraph(await loadCompiler(), this.#realFolder, (file) => this.#nameOf(file))
    } catch (error) {
      if (!(error instanceof PackageMissingError)) throw error
      return new PlainCode(this.#realFolder, this.#nameOf(this.#folder), error)
    }
  }

  #realFile(file: string): string {
    try {
      return realpathSync(file)
    } catch (error) {
      throw new ModuleCodeError(
        this.#nameOf(file),
        'it is not there.',
        'Correct the path, or add the file.',
        error,
      )
    }
  }

  #explain(file: string, graph: CodeGraph | PlainCode, error: unknown): ModuleCodeError {
    const place = this.#placeOf(error, graph) ?? this.#nameOf(file)
    const hint = error instanceof LimberError ? error.hint : undefined
    return new ModuleCodeError(
      place,
      firstLine(error),
      hint ?? 'Look at this line; the cause says more.',
      error,
    )
  }

  #placeOf(error: unknown, graph: CodeGraph | PlainCode | undefined): string | undefined {
    const files = graph instanceof CodeGraph ? graph.files : []
    const [folder, realFolder, root] = [this.#folder, this.#realFolder, this.#root]
    return faultPlace(error, { folder, realFolder, root, files, nameOf: (file) => this.#nameOf(file) })
  }

  #refused(file: string): ModuleCodeError {
    return new ModuleCodeError(this.#nameOf(file), 'its module was unloaded.', 'Load the module again.')
  }

  /** From the root, with slashes; a folder that is a link keeps the name of the link. */
  #nameOf(file: string): string {
    const below = path.relative(this.#realFolder, file)
    const isReal = !below.startsWith('..') && !path.isAbsolute(below)
    const place = isReal ? path.join(this.#folder, below) : file
    return path.relative(this.#root, place).split(path.sep).join('/')
  }
}
