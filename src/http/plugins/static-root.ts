/** @module One folder of static files: what may be sent of it, and what a client is told about the rest. */

import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyRequest } from 'fastify'
import { LimberError } from '../../errors/limber-error.ts'
import { MalformedUrlError, RequestRefusedError, RouteNotFoundError } from '../problems/request-errors.ts'
import { kindOf } from '../problems/status-of.ts'
import { pathOf } from '../routing/path.ts'
import { InvalidHttpConfigError } from '../server/errors.ts'

export class StaticRoot {
  /** Without symbolic links. */
  readonly folder: string
  readonly #prefix: string

  private constructor(folder: string, prefix: string) {
    this.folder = folder
    this.#prefix = prefix
  }

  /** @throws {InvalidHttpConfigError} when it is no folder, or its files are not meant for everybody */
  static async open(root: string, prefix: string, appRoot: string): Promise<StaticRoot> {
    const refuse = (reason: string, hint: string, cause?: unknown) =>
      new InvalidHttpConfigError([{ path: 'static.root', message: `"${root}" ${reason} ${hint}` }], cause)
    const resolved = path.resolve(appRoot, root)
    if (!path.isAbsolute(root) && !isInside(appRoot, resolved)) {
      throw refuse('leads out of the application.', 'Write an absolute path, if that is what you mean.')
    }
    const folder = await realpath(resolved).catch((error: unknown) => {
      throw refuse('does not exist.', 'Create it, or build what belongs into it.', error)
    })
    if (!(await stat(folder)).isDirectory()) throw refuse('is not a folder.', 'Name the folder of the files.')
    if (isInside(folder, await realpath(appRoot))) {
      throw refuse(
        'has the code and the secrets of the application in it.',
        'Keep the files in a folder of their own.',
      )
    }
    return new StaticRoot(folder, prefix)
  }

  /** @throws {FileOutsideError} when a symbolic link leads out of the folder */
  async refuseOutside(file: string): Promise<void> {
    if (!isInside(this.folder, await realpath(file))) throw new FileOutsideError()
  }

  /** Sends another file where a browser asks for a page, and there is none. */
  async fallBack(
    { raw, method, headers }: FastifyRequest,
    fallback: string,
    index: string | false,
  ): Promise<void> {
    const wanted = pathOf(raw.url ?? '').slice(this.#prefix.length)
    const isPage = headers.accept?.includes('text/html') === true && !wanted.split('/').at(-1)?.includes('.')
    if (!isPage || (method !== 'GET' && method !== 'HEAD')) return
    const file = this.#fileAt(wanted)
    if (file === undefined || (await this.#isSent(file, index))) return
    raw.url = `${this.#prefix}/${fallback}`
  }

  /** The error for the client: where a file may not be seen, there is none. */
  explain(error: unknown, { method, url }: FastifyRequest): unknown {
    if (error instanceof LimberError || !(error instanceof Error)) return error
    const status: unknown = Reflect.get(error, 'statusCode') ?? Reflect.get(error, 'status')
    if (status === 403 || status === 404) return new RouteNotFoundError(method, pathOf(url))
    if (status === 400) return new MalformedUrlError(error)
    if (status === 412 || status === 416) return new RequestRefusedError(status, kindOf(status), error)
    return error
  }

  #fileAt(wanted: string): string | undefined {
    try {
      const file = path.join(this.folder, decodeURIComponent(wanted))
      return isInside(this.folder, file) ? file : undefined
    } catch {
      // Whoever sends the file says what is wrong with it.
      return undefined
    }
  }

  async #isSent(file: string, index: string | false): Promise<boolean> {
    const found = await stat(file).catch(() => undefined)
    if (!found?.isDirectory()) return found !== undefined
    return index !== false && (await stat(path.join(file, index)).catch(() => undefined)) !== undefined
  }
}

class FileOutsideError extends Error {
  readonly status = 404
}

function isInside(folder: string, file: string): boolean {
  const way = path.relative(folder, file)
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}
