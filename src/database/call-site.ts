/** @module The line of the application that called, for messages. */
import { fileURLToPath } from 'node:url'

const HERE = import.meta.dirname
const OTHERS = /node_modules|node:/

/** Gives `file:line` of the nearest caller outside of this folder, or `unknown`. */
export function callSite(): string {
  const lines = new Error().stack?.split('\n').slice(2) ?? []
  for (const line of lines) {
    const place = /\(?((?:file:\/\/)?\/?[^\s()]+):(\d+):\d+\)?$/.exec(line)
    const file = place?.[1]?.startsWith('file:') ? fileURLToPath(place[1]) : place?.[1]
    if (file && !file.startsWith(HERE) && !OTHERS.test(file)) return `${file}:${place?.[2]}`
  }
  return 'unknown'
}
