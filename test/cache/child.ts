/** @module A process of its own that runs a file of the tests from source: it is told lines, and answers each with one of JSON. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'

export class Child {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(file: string, env: Readonly<Record<string, string>>) {
    const start = `
      import { registerTypeScript } from ${JSON.stringify(pathToFileURL('bin/typescript-hooks.js'))}
      registerTypeScript({ conditions: ['limber:source'] })
      await import(${JSON.stringify(pathToFileURL(file))})`
    this.#process = spawn(process.execPath, ['--input-type=module', '--eval', start], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = linesOf(this.#process)[Symbol.asyncIterator]()
    onTestFinished(() => this.kill())
  }

  async ask(line: string): Promise<unknown> {
    this.#process.stdin?.write(`${line}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`The process ended without an answer to "${line}".`)
    return JSON.parse(value)
  }

  /** Ends it as a failure of the machine would. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }
}

function linesOf({ stdout }: ChildProcess): Interface {
  if (!stdout) throw new Error('The process has no output.')
  return createInterface({ input: stdout })
}
