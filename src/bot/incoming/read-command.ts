/** @module Finds the command that a text begins with. */

/** A command as it was sent: `/points@shop_bot add 3` is `points` with `add 3`. */
export interface SentCommand {
  /** In lower case, without slash and without the name of the bot. */
  readonly name: string
  /** What stands behind it, without blanks around it; empty where there is nothing. */
  readonly args: string
}

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@([a-z0-9_]+))?(?:\s|$)/i

/** Gives the command of a text; none where the text begins with something else, or names another bot. */
export function readCommand(text: string, bot: string): SentCommand | undefined {
  const [whole, name, addressee] = COMMAND.exec(text) ?? []
  if (whole === undefined || name === undefined) return undefined
  if (addressee !== undefined && addressee.toLowerCase() !== bot.toLowerCase()) return undefined
  return { name: name.toLowerCase(), args: text.slice(whole.length).trim() }
}
