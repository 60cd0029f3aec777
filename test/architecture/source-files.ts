import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'

export interface Import {
  readonly file: string
  /** What the import names: a file of the repository (`src/config/env.ts`), or a package. */
  readonly target: string
}

/** The TypeScript files of a folder, from the root of the repository. */
export function sourceFiles(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`).sort()
}

/** Everything that a file imports or exports from elsewhere: values, types, augmentations, `import()` and `require()`. */
export function importsOf(file: string): Import[] {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'))
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`)
  const specifiers = new Set<string>()
  const note = (node: unknown) => {
    if (typeof node === 'object' && node !== null && 'value' in node) specifiers.add(String(node.value))
  }
  const visitor = new Visitor({
    ImportDeclaration: ({ source }) => note(source),
    ExportAllDeclaration: ({ source }) => note(source),
    ExportNamedDeclaration: ({ source }) => note(source),
    ImportExpression: ({ source }) => note(source),
    TSImportType: ({ source }) => note(source),
    TSModuleDeclaration: ({ id }) => note(id),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') note(first)
    },
  })
  visitor.visit(program)
  return [...specifiers].map((specifier) => ({ file, target: targetOf(file, specifier) }))
}

function targetOf(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return path.join(path.dirname(file), specifier)
}

interface PackageJson {
  readonly exports: Readonly<Record<string, string | { readonly 'limber:source': string }>>
}

/** The doors of the package: what is imported (`limber/http`) and its file (`src/http/index.ts`). */
export function doors(): Map<string, string> {
  // The file is our own; its shape is what these tests rely on.
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson
  const entries = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string'
      ? []
      : [[`limber${name.slice(1)}`, path.normalize(target['limber:source'])] as const],
  )
  return new Map(entries)
}
