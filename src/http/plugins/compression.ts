/** @module Compression of replies, and, where it is asked for, of requests. */
import type { FastifyInstance } from 'fastify'
import { loadFeature } from '../../support/load-feature.ts'

export interface CompressionConfig {
  /** The smallest reply that is compressed, in bytes; default: 1,024. Streams always are. */
  readonly threshold?: number
  /** In the order of preference, among those that the client takes; default: br, zstd, gzip. */
  readonly encodings?: readonly Encoding[]
  /** Whether compressed bodies of requests are read; `bodyLimit` holds for what comes out. Default false. */
  readonly requests?: boolean
}

export type Encoding = 'br' | 'zstd' | 'gzip' | 'deflate'

/** @throws {PackageMissingError} */
export async function addCompression(server: FastifyInstance, config: CompressionConfig): Promise<void> {
  const load = () => import('@fastify/compress')
  const compress = await loadFeature('@fastify/compress', '"compression" in config/http.ts', load)
  const { threshold = 1024, encodings = ['br', 'zstd', 'gzip'], requests = false } = config
  await server.register(compress.default, {
    globalCompression: true,
    globalDecompression: requests,
    threshold,
    encodings: [...encodings],
  })
}
