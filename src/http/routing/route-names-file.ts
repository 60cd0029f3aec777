/** @module The file that tells the compiler the names of an application's routes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import type { Router } from './router.ts'

const FILE = 'app/http/route-names.ts'

export class RouteNamesFile {
  /** Where it stands, from the root of the application. */
  readonly file = FILE
  readonly #path: string
  readonly #lines: readonly string[]

  constructor(app: Application, router: Router) {
    this.#path = path.join(app.root, FILE)
    this.#lines = linesOf(router)
  }

  /** Whether it says what the routes say; without names there need not be one. */
  get isCurrent(): boolean {
    if (!existsSync(this.#path)) return this.#lines.length === 0
    return readFileSync(this.#path, 'utf8') === textOf(this.#lines)
  }

  write(): void {
    writeFileSync(this.#path, textOf(this.#lines))
  }
}

function linesOf({ routes }: Router): string[] {
  const named = routes.flatMap(({ path, options: { name } }) => (name === undefined ? [] : [{ name, path }]))
  return named.map(({ name, path }) => `    ${quote(name)}: ${quote(path)}`).sort()
}

function textOf(lines: readonly string[]): string {
  return `// The names of the routes, for router.url(). Written by: limber routes --types
import 'limber/http'

declare module 'limber/http' {
  interface NamedRoutes {
${lines.join('\n')}
  }
}
`
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
