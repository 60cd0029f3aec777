/** @module Examines an application before its first unit of work, and says everything that is wrong with it. */
import type { Application } from '../../application/application.ts'
import type {} from '../../application/ports/doctor-check.ts'
import type { HealthCheck } from '../../application/ports/health-check.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { printError } from '../../errors/print-error.ts'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { type CommandRegistry, LIMBER } from '../command-registry.ts'
import { loadCommand } from '../load-command.ts'
import { checkDecoratorMetadata } from './decorator-metadata.ts'

export interface Finding {
  readonly check: string
  readonly note?: string | undefined
  /** Whether a fault that is told before kept it from being checked. */
  readonly isSkipped?: boolean
  readonly faults: readonly { readonly code: string | undefined; readonly text: string }[]
}

export class Doctor {
  readonly #app: Application
  readonly #commands: CommandRegistry

  constructor(app: Application, commands: CommandRegistry) {
    this.#app = app
    this.#commands = commands
  }

  /**
   * Runs every check, also after one has found a fault.
   * Limber's own commands are left out: they need rooms that an application may do without.
   */
  async examine(): Promise<Finding[]> {
    const classes: AbstractConstructor[] = []
    const findings = [
      await finding('Node.js', () => process.version),
      await finding('decorator metadata', () => checkDecoratorMetadata(this.#app.root)),
      await finding('commands', async () => {
        const commands = this.#commands.all().filter(({ origin }) => origin !== LIMBER)
        for (const command of commands) classes.push(await loadCommand(command))
        return `${commands.length} of the application`
      }),
      ...(await this.#offered(classes)),
      this.#serviceGraph(classes),
    ]
    const services = await finding('asynchronous services', () => this.#app.ready())
    const others = await this.#others()
    const health = await this.#health()
    const hasAll = services.faults.length === 0
    return [...findings, services, ...others, ...(hasAll ? health : health.map(withoutConsequences))]
  }

  /** The classes that rooms of the application hold without binding them, such as controllers. */
  async #offered(classes: AbstractConstructor[]): Promise<Finding[]> {
    const sources = this.#app.tagged('classes')
    return Promise.all(
      sources.map((source) =>
        finding(source.name, async () => {
          const offered = await source.classes()
          classes.push(...offered)
          return `${offered.length}`
        }),
      ),
    )
  }

  #serviceGraph(classes: readonly AbstractConstructor[]): Finding {
    return {
      check: 'service graph',
      note: `${this.#app.list().length} bindings`,
      faults: this.#app.verify(classes).map(faultOf),
    }
  }

  /** Asked when all services are there. */
  #others(): Promise<Finding[]> {
    const checks = this.#app.tagged('doctor')
    return Promise.all(checks.map((check) => finding(check.name, () => check.examine())))
  }

  async #health(): Promise<Finding[]> {
    let checks: HealthCheck[] = []
    const made = await finding('health checks', () => {
      checks = this.#app.tagged('health')
      return `${checks.length}`
    })
    return [made, ...(await Promise.all(checks.map((check) => finding(check.name, () => check.check()))))]
  }
}

/** What a check returns is a note; what it throws is a fault. */
async function finding(
  check: string,
  examine: () => string | undefined | Promise<string | undefined> | Promise<void>,
): Promise<Finding> {
  try {
    return { check, note: (await examine()) ?? undefined, faults: [] }
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    return { check, faults: errors.map(faultOf) }
  }
}

/** A service that is not ready, after those that have to be could not be made, is no fault of its own. */
function withoutConsequences(finding: Finding): Finding {
  const { check, faults } = finding
  if (!faults.some(({ code }) => code === 'LIMBER_ASYNC_SERVICE')) return finding
  return { check, note: 'not checked, because of the fault above', isSkipped: true, faults: [] }
}

function faultOf(error: unknown) {
  const code = error instanceof LimberError ? error.code : undefined
  return { code, text: maskSecrets(printError(error)) }
}
