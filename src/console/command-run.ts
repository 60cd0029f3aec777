/** @module What belongs to one run of a command: its services `output` and `commands` are those of its scope. */
import type { Application } from '../application/application.ts'
import { OutsideScopeError } from '../container/errors.ts'
import type { ServiceScope } from '../container/service-scope.ts'
import type { CommandRegistry } from './command-registry.ts'
import type { Output } from './output.ts'

export interface CommandRun {
  readonly output: Output
  readonly commands: CommandRegistry
}

const runs = new WeakMap<ServiceScope, CommandRun>()

/** Makes a scope the one of this run: two commands of one application write to their own outputs, also at once. */
export function openRun(app: Application, scope: ServiceScope, run: CommandRun): void {
  runs.set(scope, run)
  app.registering('ConsoleKernel', () => {
    if (!app.has('output')) app.scoped('output', () => runOf(app, 'output').output)
    if (!app.has('commands')) app.scoped('commands', () => runOf(app, 'commands').commands)
  })
}

/** The run is found from the scopes that a command opens inside its own, too. */
function runOf(app: Application, key: string): CommandRun {
  let scope: ServiceScope | undefined = app.currentScope()
  while (scope && !runs.has(scope)) scope = scope.outer
  const run = scope && runs.get(scope)
  if (!run) throw new OutsideScopeError(key, [`"${key}"`])
  return run
}
