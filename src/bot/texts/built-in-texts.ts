/** @module What the bot itself says, in English. A text of the application with the same key stands in for it. */

export const BUILT_IN_TEXTS = {
  'bot.failed': 'Something went wrong. Try again later.',
  'bot.forbidden': 'You may not do that.',
  'bot.limit': 'That was too often. Try again later.',
  'bot.flood': 'That was too much at once. Wait a moment.',
  'bot.cancelled': 'Cancelled.',
  'bot.conversation-over': 'This cannot go on. Begin again.',
} as const

/** The key of something that the bot itself says. */
export type BuiltInText = keyof typeof BUILT_IN_TEXTS

export function builtInText(key: string): string | undefined {
  return isBuiltIn(key) ? BUILT_IN_TEXTS[key] : undefined
}

function isBuiltIn(key: string): key is BuiltInText {
  return Object.hasOwn(BUILT_IN_TEXTS, key)
}
