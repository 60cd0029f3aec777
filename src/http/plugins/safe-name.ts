/** @module A file name from outside as one that cannot leave its folder. */

/**
 * What some file system or shell gives a meaning of its own; control characters among it, and what turns the direction of
 * the text around, so that a program looks like a picture.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take away.
const SPECIAL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"|?*]/g

/** Windows takes these for devices, whatever their extension is. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** File systems count bytes, and 255 are the most. */
const LONGEST = 200

/** The last part of a path of any system, without special characters and leading dots, and at most 200 bytes. */
export function safeName(filename: string): string {
  const base = filename.split(/[\\/]/).at(-1) ?? ''
  const clean = trim(base.toWellFormed().replace(SPECIAL, '_'))
  const dot = clean.lastIndexOf('.')
  const extension = dot > 0 && clean.length - dot <= 20 ? clean.slice(dot) : ''
  const stem = clean.slice(0, clean.length - extension.length)
  const short = trim(cut(stem, LONGEST - Buffer.byteLength(extension)) + extension)
  return (DEVICE.test(short) ? `_${short}` : short) || 'file'
}

/** Not by one pattern: that would begin anew at every dot of a name that is full of them. */
function trim(name: string): string {
  const isEdge = (at: number) => /[.\s]/.test(name.charAt(at))
  let [start, end] = [0, name.length]
  while (start < end && isEdge(start)) start++
  while (end > start && isEdge(end - 1)) end--
  return name.slice(start, end)
}

/** As many whole characters as fit. */
function cut(name: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(bytes))
  return name.slice(0, read)
}
