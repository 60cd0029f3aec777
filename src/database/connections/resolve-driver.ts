/** @module From what the configuration names to a driver: a value, a URL, or the file or package that exports one. */
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isClass } from '../../support/class-of.ts'
import { messageOf } from '../../support/message-of.ts'
import { suggest } from '../../support/suggest.ts'
import type { Driver } from './driver.ts'
import { DriverImportError } from './driver-errors.ts'
import { fromUrl } from './from-url.ts'

/**
 * Gives the driver of a connection. A text is a URL, or names an export: `./my-driver.ts#MyDriver`, `package#export`.
 *
 * @throws {DriverImportError} when it cannot be imported, or when what is exported is no driver
 * @throws {DatabaseUrlError} @throws {DatabaseAddressError}
 */
export async function resolveDriver(name: string, entry: Driver | string, root: string): Promise<Driver> {
  if (typeof entry !== 'string') return checked(name, 'a value', entry)
  // One letter before the colon is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:/i.test(entry)) return fromUrl(entry)
  const [specifier = '', exportName = 'default'] = entry.split('#')
  const module = await importModule(name, entry, specifier, root)
  if (!Object.hasOwn(module, exportName)) {
    const known = Object.keys(module)
    const near = suggest(exportName, known)
    throw new DriverImportError(
      name,
      entry,
      `it has no export "${exportName}".`,
      near ? `Did you mean "${near}"?` : `It exports ${known.join(', ') || 'nothing'}.`,
    )
  }
  const exported: unknown = Reflect.get(module, exportName)
  return checked(name, entry, await made(name, entry, exported))
}

async function importModule(name: string, entry: string, specifier: string, root: string): Promise<object> {
  try {
    return await import(locate(specifier, root))
  } catch (error) {
    const reason = messageOf(error)
    throw new DriverImportError(
      name,
      entry,
      `it cannot be imported: ${reason}`,
      'Write the path from the root of the application with ./ before it, or install the package.',
      error,
    )
  }
}

function locate(specifier: string, root: string): string {
  const isFile = specifier.startsWith('.') || path.isAbsolute(specifier)
  if (isFile) return pathToFileURL(path.resolve(root, specifier)).href
  return pathToFileURL(createRequire(path.join(root, 'package.json')).resolve(specifier)).href
}

/** What is exported may be the driver itself, a class of drivers, or a function that gives one. */
async function made(name: string, entry: string, exported: unknown): Promise<unknown> {
  if (typeof exported !== 'function') return exported
  try {
    return await (isClass(exported) ? new exported() : exported())
  } catch (error) {
    const reason = messageOf(error)
    throw new DriverImportError(
      name,
      entry,
      `it gives no driver: ${reason}`,
      'It is called without arguments.',
      error,
    )
  }
}

type Check = readonly [property: keyof Driver, isRight: (value: unknown) => boolean, expectation: string]

const isFunction = (value: unknown) => typeof value === 'function'
const isText = (value: unknown) => typeof value === 'string' && value !== ''

const CONTRACT: readonly Check[] = [
  ['name', isText, 'a text'],
  [
    'dialect',
    (value) => value === 'sqlite' || value === 'postgres' || value === 'mysql',
    'sqlite, postgres or mysql',
  ],
  ['label', isText, 'a text'],
  ['hasOneWriter', (value) => typeof value === 'boolean', 'true or false'],
  ['scratch', isFunction, 'a method'],
  ['load', isFunction, 'a method'],
  ['isUnavailable', isFunction, 'a method'],
]

function checked(name: string, entry: string, candidate: unknown): Driver {
  if (typeof candidate !== 'object' || candidate === null) {
    throw new DriverImportError(name, entry, `it is ${String(candidate)}, not a driver.`, HINT)
  }
  const faults = CONTRACT.filter(([property, isRight]) => !isRight(Reflect.get(candidate, property)))
  if (faults.length > 0) {
    const list = faults.map(([property, , expectation]) => `${property} (${expectation})`)
    throw new DriverImportError(name, entry, `it is no driver without ${list.join(', ')}.`, HINT)
  }
  // Every property of the contract that is not optional was just looked at.
  return candidate as Driver
}

const HINT =
  'Export a value, a class or a function that gives what the interface Driver of limber/database asks for.'
