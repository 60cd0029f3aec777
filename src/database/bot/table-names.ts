/** @module The tables of a bot. They belong to the framework: no migration makes, changes or drops them. */

export const BOT_TABLES = [
  'limber_bot_updates',
  'limber_bot_states',
  'limber_bot_rules',
  'limber_bot_members',
] as const

export type BotTable = (typeof BOT_TABLES)[number]
