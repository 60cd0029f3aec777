/** @module Where an application logs to in a test that reads its lines. */

export interface LogLines {
  write(line: string): void
  /** The messages of warnings and errors. */
  warnings(): string[]
}

export function logLines(): LogLines {
  const lines: { level: number; msg: string }[] = []
  return {
    write: (line) => void lines.push(JSON.parse(line)),
    warnings: () => lines.filter(({ level }) => level >= 40).map(({ msg }) => msg),
  }
}
