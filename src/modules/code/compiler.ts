/** @module Turns a file of a module into a function: all that is known of rolldown here, whose part for this is experimental. */
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { loadFeature } from '../../support/load-feature.ts'
import { ModuleCodeError } from './errors.ts'
import { joinMappings } from './join-mappings.ts'

export interface FileImport {
  readonly specifier: string
  /** What it takes by name; `default` is one of them. */
  readonly names: readonly string[]
  /** The line as it was written; undefined for an import that is made while the code runs. */
  readonly line: number | undefined
}

export interface CompiledFile {
  /** The body of a function with the parameters `PARAMETERS`. */
  readonly code: string
  /** Leads from the lines of the body to those that were written. */
  readonly map: FileMap
  /** In the order they stand there. */
  readonly imports: readonly FileImport[]
  readonly exports: readonly string[]
  /** What `export * from` names. */
  readonly stars: readonly string[]
}

export interface FileMap {
  readonly version: 3
  readonly sources: string[]
  readonly names: string[]
  readonly mappings: string
}

export type Compile = (file: string, nameOf: (file: string) => string) => Promise<CompiledFile>

/** What the body calls, in the order of `CodeRuntime`. */
export const PARAMETERS = [
  '__vite_ssr_import__',
  '__vite_ssr_dynamic_import__',
  '__vite_ssr_exports__',
  '__vite_ssr_exportAll__',
  '__vite_ssr_import_meta__',
] as const

/** What a class or function is called that was exported as default without a name. */
export const UNNAMED = '__vite_ssr_export_default__'

/** Imported by every file after all else: where a body has defined its exports, it waits for this or an earlier import. */
export const START = 'limber:start'

type Utils = typeof import('rolldown/utils')
type Parsed = ReturnType<Utils['parseSync']>['module']
interface Problem {
  readonly message: string
}

/** @throws {PackageMissingError} when rolldown is not installed */
export async function loadCompiler(): Promise<Compile> {
  const feature = 'reading the files of modules'
  const { parseSync, transformSync } = await loadFeature('rolldown', feature, () => import('rolldown/utils'))
  const { moduleRunnerTransform } = await loadFeature(
    'rolldown',
    feature,
    () => import('rolldown/experimental'),
  )
  return async (file, nameOf) => {
    const plain = transformSync(file, readFileSync(file, 'utf8'), {
      lang: /\.m?ts$/.test(file) ? 'ts' : 'js',
      sourcemap: true,
      target: 'es2024',
      typescript: { onlyRemoveTypeImports: true },
      decorator: { legacy: true, emitDecoratorMetadata: true },
    })
    refuse(plain.errors, nameOf(file))
    const body = await moduleRunnerTransform(file, `${plain.code}\nimport '${START}'\n`, { sourcemap: true })
    refuse(body.errors, nameOf(file))
    const written = { version: 3 as const, sources: [file], names: [], mappings: plain.map?.mappings ?? '' }
    const { module } = parseSync('file.js', plain.code)
    return {
      code: body.code,
      map: {
        ...written,
        sources: [pathToFileURL(file).href],
        mappings: joinMappings(body.map?.mappings ?? '', written.mappings),
      },
      ...relations(module, lineReader(plain.code, written)),
    }
  }
}

function refuse(problems: readonly Problem[], name: string): void {
  const [first] = problems
  if (!first) return
  const line = Reflect.get(Object(Reflect.get(first, 'loc')), 'line')
  const place = typeof line === 'number' ? `${name}:${line}` : name
  const told = stripVTControlCharacters(first.message).trim()
  const [message = ''] = told.split('\n')
  const reason = `it does not compile: ${message.replace(/^\[\w+\]\s*/, '')}.`
  throw new ModuleCodeError(place, reason, 'Correct the file.', new SyntaxError(told))
}

/** What a file takes from others and gives to them. */
function relations(
  module: Parsed,
  lineAt: (offset: number) => number,
): Pick<CompiledFile, 'imports' | 'exports' | 'stars'> {
  const found: { specifier: string; names: string[]; start: number }[] = module.staticImports.map(
    ({ moduleRequest, entries, start }) => ({
      specifier: moduleRequest.value,
      names: entries.flatMap(({ importName: { kind, name } }) =>
        kind === 'Default' ? 'default' : (name ?? []),
      ),
      start,
    }),
  )
  const exports: string[] = []
  const stars: string[] = []
  for (const { start, entries } of module.staticExports) {
    for (const { moduleRequest, importName, exportName, start: entryStart } of entries) {
      const name = exportName.kind === 'Default' ? 'default' : exportName.name
      if (name) exports.push(name)
      // What was imported by a statement of its own is among the imports already.
      if (!moduleRequest || moduleRequest.start < entryStart) continue
      if (!name) stars.push(moduleRequest.value)
      const names = importName.kind === 'Name' && importName.name ? [importName.name] : []
      found.push({ specifier: moduleRequest.value, names, start })
    }
  }
  found.sort((one, other) => one.start - other.start)
  return { imports: found.map(({ start, ...rest }) => ({ ...rest, line: lineAt(start) })), exports, stars }
}

/** Tells the line that was written for a place in what became of it. */
function lineReader(code: string, map: FileMap): (offset: number) => number {
  const written = new SourceMap({ ...map, file: '', sourcesContent: [], sourceRoot: '' })
  return (offset) => {
    const before = code.slice(0, offset).split('\n')
    const entry = written.findEntry(before.length - 1, before.at(-1)?.length ?? 0)
    return 'originalLine' in entry ? entry.originalLine + 1 : before.length
  }
}
