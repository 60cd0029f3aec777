/** @module The limber binary behind its guards: answers at once what it can, and runs the rest in the application. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { builtInCommands } from './built-in-commands.ts'
import { CommandRegistry } from './console/command-registry.ts'
import { AppNotFoundError, TypeScriptRunnerMissingError } from './console/errors.ts'
import { exitCodes } from './console/exit-codes.ts'
import { helpFor } from './console/help.ts'
import { Output } from './console/output.ts'
import { reportFailure } from './console/report-failure.ts'
import { codeOf } from './support/code-of.ts'

export interface Streams {
  readonly stdout: Writable
  readonly stderr: Writable
}

/** Runs one command line and gives its exit code. What goes wrong is printed, never thrown. */
export async function main(argv: readonly string[], { stdout, stderr }: Streams): Promise<number> {
  const output = new Output(stdout, stderr)
  try {
    const builtIn = new CommandRegistry(builtInCommands)
    const answer = isVersion(argv) ? version() : await helpFor(argv, builtIn)
    if (answer !== undefined) {
      output.line(answer)
      return exitCodes.ok
    }
    const root = findRoot(process.cwd())
    if (root !== undefined) return await runInApplication(root, argv, output)
    // A typing mistake is one in any folder.
    builtIn.match(argv)
    throw new AppNotFoundError(process.cwd())
  } catch (error) {
    return reportFailure(error, output)
  }
}

async function runInApplication(root: string, argv: readonly string[], output: Output): Promise<number> {
  if (!existsSync(path.join(root, 'config/app.js'))) await runTypeScript(root)
  const { createApplication } = await import('./application/create-application.ts')
  const { ConsoleKernel } = await import('./console/console-kernel.ts')
  const app = await createApplication({ root })
  try {
    await app.boot()
    return await new ConsoleKernel(app, builtInCommands, output).run(argv)
  } finally {
    await app.stop()
  }
}

async function runTypeScript(root: string): Promise<void> {
  try {
    const { registerTypeScript } = await import('../bin/typescript-hooks.js')
    registerTypeScript()
  } catch (error) {
    throw codeOf(error) === 'ERR_MODULE_NOT_FOUND' ? new TypeScriptRunnerMissingError(root, error) : error
  }
}

/** The nearest folder, upwards, that holds the configuration of an application. */
function findRoot(start: string): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (['config/app.ts', 'config/app.js'].some((file) => existsSync(path.join(folder, file)))) return folder
    if (path.dirname(folder) === folder) return undefined
  }
}

function isVersion([first]: readonly string[]): boolean {
  return first === '--version' || first === '-V'
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : ''
}
