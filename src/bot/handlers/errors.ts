/** @module What can be wrong with handlers, and with the commands that they take. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import type { RegisteredHandler } from './registered-handler.ts'

export class HandlerClassError extends LimberError {
  readonly code = 'LIMBER_HANDLER_CLASS'
  readonly kind: ErrorKind = 'invalid'

  /** @param name the class, or the class and its method: `Points.add` */
  constructor(name: string, place: string, reason: string, hint: string) {
    super(`${name} in ${place} cannot be a handler: ${reason}`, { path: [place, name], hint })
  }
}

export class HandlersFileError extends LimberError {
  readonly code = 'LIMBER_HANDLERS_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(place: string) {
    super(`${place} exports no handler.`, {
      path: [place],
      hint: 'Export a class that extends MessageHandler or another one of limber/bot, or that has methods with @command().',
    })
  }
}

export class CommandConflictError extends LimberError {
  readonly code = 'LIMBER_COMMAND_CONFLICT'
  readonly kind: ErrorKind = 'conflict'

  constructor(command: string, taken: RegisteredHandler, handler: RegisteredHandler) {
    super(`/${command} of ${titleOf(handler)} is already taken by ${titleOf(taken)}.`, {
      path: [taken.name, handler.name],
      hint: 'Give one of them another command, or chats or states that the other one does not have.',
    })
  }
}

function titleOf({ name, module, place }: RegisteredHandler): string {
  return `${name} (${module === undefined ? place : `module "${module}", ${place}`})`
}
