/** @module Sends the files of other rooms to whoever has a signed URL. */
import { ReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Application } from '../../application/application.ts'
import type { ServedFiles } from '../../application/ports/served-files.ts'
import { breakOffShort } from '../replies/break-off-short.ts'
import type { RequestFacts } from '../requests/request-facts.ts'
import { RouteConflictError } from '../routing/errors.ts'
import type { Router } from '../routing/router.ts'

/**
 * Adds a route for each service that is tagged `served files`, after those of the application.
 *
 * @throws {RouteConflictError} when the application answers one of these requests itself
 */
export function addServedFileRoutes(app: Application, router: Router): void {
  for (const served of app.tagged('served files')) {
    try {
      router.get(`${served.path}/*`, (facts: RequestFacts) => send(served, facts), { documented: false })
    } catch (error) {
      if (!(error instanceof RouteConflictError)) throw error
      throw error.withHint(
        "Serve files below another path, as in config/files.ts: urls: { path: '/-/files' }.",
      )
    }
  }
}

async function send(served: ServedFiles, { request, response }: RequestFacts): Promise<Readable> {
  const { content, ...file } = await served.open(request.url)
  // Whether it is sent or not: a middleware may fail after this, or answer with something else.
  const { raw: reply } = response.raw
  if (reply.closed) content.destroy()
  else reply.once('close', () => content.destroy())
  response
    .header('content-type', file.contentType)
    .header('content-disposition', file.disposition)
    .header('last-modified', file.lastModified.toUTCString())
    .header('etag', file.etag)
    .header('cache-control', 'private, no-cache')
    .header('accept-ranges', 'none')
    .header('x-content-type-options', 'nosniff')
  // The server cannot know the size of a stream.
  response.raw.header('content-length', file.size)
  if (request.method === 'HEAD') return Readable.from([])
  if (content instanceof ReadStream)
    content.once('end', () => breakOffShort(response.raw, content, file.size))
  return content
}
