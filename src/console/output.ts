/** @module Where a command answers: results on standard output, faults on standard error. */
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

declare module '../container/services.ts' {
  interface Services {
    output: Output
  }
}

/**
 * Writes what a command has to say. Colours appear only where a person watches and has not switched them off.
 *
 * @example
 * ```ts
 * import { Output } from 'limber/console'
 *
 * const output = new Output(process.stdout, process.stderr)
 * output.table(['model', 'rows'], [['Book', 12], ['Author', 3]])
 * ```
 */
export class Output {
  readonly stdout: Writable
  readonly stderr: Writable

  constructor(stdout: Writable, stderr: Writable) {
    this.stdout = stdout
    this.stderr = stderr
  }

  /** Writes one line of the answer. */
  line(text = ''): void {
    this.stdout.write(`${text}\n`)
  }

  /** Writes the answer for programs. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2))
  }

  /** Writes rows under headers, in columns as wide as their widest cell. */
  table(headers: readonly string[], rows: readonly (readonly unknown[])[]): void {
    const cells = rows.map((row) => headers.map((_, column) => String(row[column] ?? '')))
    const widths = headers.map((header, column) =>
      Math.max(header.length, ...cells.map((row) => row[column]?.length ?? 0)),
    )
    const lineOf = (row: readonly string[]) =>
      row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
    this.line(styled('dim', lineOf(headers).trimEnd(), this.stdout))
    for (const row of cells) this.line(lineOf(row).trimEnd())
  }

  /** Writes to standard error, which keeps the answer clean for programs that read it. */
  error(text: string): void {
    const [first = '', ...rest] = text.split('\n')
    this.stderr.write(`${[styled('red', first, this.stderr), ...rest].join('\n')}\n`)
  }
}

/** Never colours a file or a pipe, even when FORCE_COLOR would; on a terminal NO_COLOR and its kin are heeded. */
function styled(format: 'dim' | 'red', text: string, stream: Writable): string {
  return 'isTTY' in stream && stream.isTTY ? styleText(format, text, { stream }) : text
}
