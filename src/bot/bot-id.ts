/** @module Which bot this is, as far as its token tells. */

/** The id of the bot, with which its token begins; undefined for what is no token. */
export function botIdOf(token: string): number | undefined {
  const [, digits] = /^(\d{1,16}):/.exec(token) ?? []
  const id = Number(digits)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}
