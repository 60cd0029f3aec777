/** @module Whether the program that runs the application's TypeScript emits decorator metadata. */
import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { DecoratorMetadataMissingError } from '../errors.ts'

const PROBE = `
const decorate = (_target: object): void => undefined
export class Dependency {}
@decorate
export class Probe {
  constructor(readonly dependency: Dependency) {}
}
`

/**
 * Runs a decorated class of its own the way the application is run, and looks for its metadata.
 *
 * @throws {DecoratorMetadataMissingError} when constructors cannot be read
 */
export async function checkDecoratorMetadata(root: string): Promise<string | undefined> {
  if (!existsSync(path.join(root, 'config/app.ts'))) return 'the application is compiled'
  const folder = await mkdtemp(path.join(tmpdir(), 'limber-doctor-'))
  try {
    const file = path.join(folder, 'probe.ts')
    await writeFile(file, PROBE)
    const probe: unknown = await import(pathToFileURL(file).href)
    if (!hasMetadata(probe)) throw new DecoratorMetadataMissingError()
  } catch (error) {
    throw error instanceof SyntaxError ? new DecoratorMetadataMissingError(error) : error
  } finally {
    await rm(folder, { recursive: true })
  }
  return undefined
}

function hasMetadata(module: unknown): boolean {
  if (typeof module !== 'object' || module === null || !('Probe' in module) || !('Dependency' in module))
    return false
  const types: unknown = Reflect.getOwnMetadata('design:paramtypes', Object(module.Probe))
  return Array.isArray(types) && types[0] === module.Dependency
}
