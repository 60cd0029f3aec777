/** @module limber/console: define commands, write their output, run them. It loads no container until one is given. */
export * from './command.ts'
export type { CommandMatch, CommandRegistry, RegisteredCommand } from './command-registry.ts'
export * from './console-kernel.ts'
export * from './define-command.ts'
export * from './errors.ts'
export * from './exit-codes.ts'
export * from './output.ts'
export * from './stop-signal.ts'
