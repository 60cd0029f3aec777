/** @module Runs the client programs of database servers: without a shell, and with the password where no list of processes shows it. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { programVariables } from '../../config/env.ts'
import { codeOf } from '../../support/code-of.ts'

export interface Program {
  /** The first of these that is installed. */
  readonly names: readonly string[]
  readonly argv: readonly string[]
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Hidden wherever it stands in what the program says. */
  readonly password: string | undefined
  /** A file that it reads through this process: where that is killed, it does not go on by itself. */
  readonly input?: string
}

/** Gives what it has written, or nothing when none of the names is installed. */
export async function runProgram(program: Program): Promise<string | undefined> {
  for (const name of program.names) {
    const output = await run(name, program)
    if (output !== undefined) return output
  }
  return undefined
}

function run(name: string, { argv, variables, password, input }: Program): Promise<string | undefined> {
  const stdin = input === undefined ? 'ignore' : 'pipe'
  return new Promise<string | undefined>((resolve, reject) => {
    const child = spawn(name, argv, { env: programVariables(variables), stdio: [stdin, 'pipe', 'pipe'] })
    let [output, said] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // The first lines say why; a failing restore may go on for long.
      if (said.length < 4_000) said += text
    })
    if (input !== undefined && child.stdin) {
      const fail = (error: unknown) => {
        child.kill()
        reject(error)
      }
      // One that ends before it has read all says why by itself.
      child.stdin.on('error', () => undefined)
      createReadStream(input).once('error', fail).pipe(child.stdin)
    }
    child.once('error', (error) => (codeOf(error) === 'ENOENT' ? resolve(undefined) : reject(error)))
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output)
      const words = password ? said.replaceAll(password, '****') : said
      reject(new Error(`${name} ended with ${code ?? signal}: ${words.trim()}`))
    })
  })
}
