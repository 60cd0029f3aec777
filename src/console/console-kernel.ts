/** @module The console's entry point: runs one command of a booted application as one unit of work. */
import type { Application } from '../application/application.ts'
import type { CommandInput, LazyCommand } from './command.ts'
import { CommandRegistry } from './command-registry.ts'
import { openRun } from './command-run.ts'
import type {} from './command-source.ts'
import { CommandProviderMissingError, DuplicateCommandError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { helpFor } from './help.ts'
import { commandClassesOf, loadCommand } from './load-command.ts'
import { Output } from './output.ts'
import { reportFailure } from './report-failure.ts'

/**
 * Runs commands: those it is given, and those that the application lists in `config/app.ts`.
 *
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 * import { ConsoleKernel } from 'limber/console'
 *
 * await using app = await createApplication()
 * await app.boot()
 * process.exitCode = await new ConsoleKernel(app).run(['greet', 'Ada'])
 * ```
 */
export class ConsoleKernel {
  readonly #app: Application
  readonly #commands: readonly LazyCommand[]
  readonly #output: Output

  constructor(
    app: Application,
    commands: readonly LazyCommand[] = [],
    output = new Output(process.stdout, process.stderr),
  ) {
    this.#app = app
    this.#commands = commands
    this.#output = output
  }

  /** Runs the command that the arguments name and gives its exit code. What it throws is printed, never thrown. */
  async run(argv: readonly string[]): Promise<number> {
    try {
      const registry = await this.#registry()
      const help = await helpFor(argv, registry)
      if (help !== undefined) {
        this.#output.line(help)
        return exitCodes.ok
      }
      const { command, rest } = registry.match(argv)
      const { CommandLine } = await import('./command-line.ts')
      return await this.#execute(command, new CommandLine(command.definition).parse(rest), registry)
    } catch (error) {
      return reportFailure(error, this.#output)
    }
  }

  async #registry(): Promise<CommandRegistry> {
    const registry = new CommandRegistry(this.#commands)
    const entries = this.#app.config.find('app')?.commands ?? []
    for (const [index, entry] of entries.entries()) {
      const place = `commands[${index}] of config/app`
      for (const type of await commandClassesOf(entry, place)) {
        const load = async () => ({ [type.name]: type })
        registry.add({ definition: type.definition, load }, `${type.name}, ${place}`)
      }
    }
    this.#addOffered(registry)
    return registry
  }

  /** A name that is taken costs the module that command, and nobody else anything. */
  #addOffered(registry: CommandRegistry): void {
    const offered = this.#app.tagged('commands').flatMap((source) => source.commands())
    for (const { type, origin, module } of offered) {
      const load = async () => ({ [type.name]: type })
      try {
        registry.add({ definition: type.definition, load, module }, origin)
      } catch (error) {
        if (!(error instanceof DuplicateCommandError)) throw error
        this.#app.make('log').warn({ err: error }, error.message)
      }
    }
  }

  async #execute(command: LazyCommand, input: CommandInput, commands: CommandRegistry): Promise<number> {
    const type = await loadCommand(command)
    const { name, needs, provider } = command.definition
    if (provider && needs?.every((key) => this.#app.has(key)) === false) {
      throw new CommandProviderMissingError(name, provider)
    }
    await this.#app.ready(needs)
    const scope = this.#app.openScope({ kind: 'command', label: name, module: command.module })
    openRun(this.#app, scope, { output: this.#output, commands })
    const result = await scope.run(() => this.#app.make(type).run(input))
    return result ?? exitCodes.ok
  }
}
