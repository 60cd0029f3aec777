/** @module Shows a key in a message, where a very long one would hide the rest. */

export function shortKey(key: string): string {
  return key.length > 100 ? `${key.slice(0, 100)}…` : key
}
