import { Writable } from 'node:stream'
import {
  Application,
  type ErrorKind,
  inject,
  injectable,
  type Lazy,
  LimberError,
  type Scope,
  type ScopeParticipant,
} from 'limber'
import { type Command, ConsoleKernel, defineCommand, type LazyCommand, Output } from 'limber/console'
import { describe, expect, it } from 'vitest'

class Lines extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void) {
    this.text += chunk.toString()
    done()
  }
}

/** A store whose writes become visible when they are committed. */
class Ledger implements ScopeParticipant {
  readonly name = 'ledger'
  readonly log: string[] = []
  async flush() {
    this.log.push('flush')
  }
  async commit() {
    this.log.push('commit')
  }
  async rollback() {
    this.log.push('rollback')
  }
  async close() {
    this.log.push('close')
  }
  join(scope: Scope | undefined) {
    scope?.enlist(this)
    scope?.wrote(this)
  }
}

/** A failure of the caller's choice. */
class ChosenError extends LimberError {
  readonly code = 'APP_CHOSEN'
  readonly kind: ErrorKind

  constructor(kind: ErrorKind) {
    super(`It went wrong: ${kind}.`, { hint: 'Choose another kind.' })
    this.kind = kind
  }
}

async function booted(commands: readonly Lazy[] = [], prepare: (app: Application) => void = () => undefined) {
  const app = new Application({ root: '.', config: { app: { name: 'test', providers: [], commands } } })
  prepare(app)
  return app.boot()
}

async function run(app: Application, line: string, commands: readonly LazyCommand[] = []) {
  const [stdout, stderr] = [new Lines(), new Lines()]
  const code = await new ConsoleKernel(app, commands, new Output(stdout, stderr)).run(line.split(' '))
  return { code, stdout: stdout.text, stderr: stderr.text }
}

/** A command that joins the ledger to its scope and then does this. */
function commandThat(ledger: Ledger, act: () => number | undefined) {
  @injectable()
  class WriteCommand implements Command {
    static readonly definition = defineCommand({ name: 'write', description: 'Write.' })
    constructor(@inject('app') private readonly app: Application) {}

    async run() {
      const scope = this.app.currentScope()
      expect(scope).toMatchObject({ kind: 'command', label: 'write' })
      ledger.join(scope)
      return act()
    }
  }
  return WriteCommand
}

describe('a command is one unit of work', () => {
  it('that is committed when the command succeeds', async () => {
    const ledger = new Ledger()
    const app = await booted([commandThat(ledger, () => undefined)])
    expect((await run(app, 'write')).code).toBe(0)
    expect(ledger.log).toEqual(['flush', 'commit', 'close'])
  })

  it('that is committed also when the command returns an exit code', async () => {
    const ledger = new Ledger()
    const app = await booted([commandThat(ledger, () => 9)])
    expect((await run(app, 'write')).code).toBe(9)
    expect(ledger.log).toEqual(['flush', 'commit', 'close'])
  })

  it.each([
    ['internal', 1],
    ['forbidden', 1],
    ['malformed', 2],
    ['invalid', 2],
    ['not-found', 3],
    ['conflict', 4],
    ['unavailable', 5],
    ['timeout', 5],
  ] as const)('that is rolled back when the command throws: %s is exit code %i', async (kind, exitCode) => {
    const ledger = new Ledger()
    const fail = () => {
      throw new ChosenError(kind)
    }
    const { code, stdout, stderr } = await run(await booted([commandThat(ledger, fail)]), 'write')
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
    expect(stderr).toBe(
      `ChosenError [APP_CHOSEN]: It went wrong: ${kind}.\n  hint  Choose another kind.\n  help  docs/errors.md#app_chosen\n`,
    )
    expect(ledger.log).toEqual(['rollback', 'close'])
  })

  it('whose failed commit is the failure of the command', async () => {
    const ledger = new Ledger()
    ledger.commit = async () => {
      throw new ChosenError('conflict')
    }
    const { code } = await run(await booted([commandThat(ledger, () => undefined)]), 'write')
    expect(code).toBe(4)
    expect(ledger.log).toEqual(['flush', 'rollback', 'close'])
  })
})

@injectable()
class SayCommand implements Command {
  static readonly definition = defineCommand({ name: 'say', description: 'Say something.' })
  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run() {
    await this.app.scope(() => {
      this.app.make('output').line('from a scope inside')
    })
    this.output.line('from the command')
  }
}

describe('the output of a command', () => {
  it('is that of its own kernel, also when two run at once in one application', async () => {
    const app = await booted([SayCommand])
    const results = await Promise.all([run(app, 'say'), run(app, 'say')])
    for (const { stdout } of results) expect(stdout).toBe('from a scope inside\nfrom the command\n')
  })

  it('is a service that only commands have', async () => {
    const app = await booted([SayCommand])
    await run(app, 'say')
    const asked = app.scope(() => app.make('output'))
    await expect(asked).rejects.toMatchObject({ code: 'LIMBER_OUTSIDE_SCOPE' })
  })
})

describe('the list of commands', () => {
  it('refuses a name that is taken and names both', async () => {
    class SecondSayCommand implements Command {
      static readonly definition = defineCommand({ name: 'say', description: 'Say something else.' })
      run() {
        return 0
      }
    }
    const { code, stderr } = await run(await booted([SayCommand, SecondSayCommand]), 'say')
    expect(code).toBe(1)
    expect(stderr).toContain('[LIMBER_DUPLICATE_COMMAND]')
    expect(stderr).toContain('SayCommand, commands[0] of config/app')
    expect(stderr).toContain('SecondSayCommand, commands[1] of config/app')
  })

  it('refuses a class and a module that are no commands', async () => {
    const plain = await run(await booted([class Plain {}]), 'say')
    expect(plain.stderr).toContain(
      '[LIMBER_COMMAND_CLASS]: Plain in commands[0] of config/app is not a command',
    )
    const empty = await run(await booted([async () => ({ answer: 42 })]), 'say')
    expect(empty.stderr).toContain('[LIMBER_COMMAND_CLASS]: commands[0] of config/app is not a command')
  })

  it('imports a command of limber only when it runs', async () => {
    const imported: string[] = []
    const lazy: LazyCommand = {
      definition: SayCommand.definition,
      load: async () => {
        imported.push('say')
        return { SayCommand }
      },
    }
    const app = await booted()
    expect((await run(app, 'say --help', [lazy])).stdout).toContain('Usage: limber say')
    expect(imported).toEqual([])
    expect((await run(app, 'say', [lazy])).code).toBe(0)
    expect(imported).toEqual(['say'])
  })

  it('refuses a module without the class that its definition promises', async () => {
    const lazy: LazyCommand = { definition: SayCommand.definition, load: async () => ({}) }
    const { code, stderr } = await run(await booted(), 'say', [lazy])
    expect(code).toBe(1)
    expect(stderr).toContain('[LIMBER_COMMAND_CLASS]: The module of "say" is not a command')
  })
})

class Clock {}
class Calendar {}

describe('what a command needs', () => {
  const prepare = (made: string[]) => (app: Application) => {
    app.singleton(Clock, async () => {
      made.push('clock')
      return new Clock()
    })
    app.singleton(Calendar, async () => {
      made.push('calendar')
      return new Calendar()
    })
  }
  const needing = (needs?: readonly (typeof Clock)[]) =>
    class NeedyCommand implements Command {
      static readonly definition = defineCommand({
        name: 'need',
        description: 'Need.',
        ...(needs && { needs }),
      })
      run() {
        return 0
      }
    }

  it.each([
    ['everything asynchronous when it says nothing', undefined, ['clock', 'calendar']],
    ['what it names', [Clock], ['clock']],
    ['nothing when it says so', [], []],
  ] as const)('is made before it runs: %s', async (_what, needs, expected) => {
    const made: string[] = []
    const app = await booted([needing(needs)], prepare(made))
    expect((await run(app, 'need')).code).toBe(0)
    expect(made).toEqual(expected)
  })
})
