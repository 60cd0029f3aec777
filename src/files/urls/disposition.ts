/** @module The header content-disposition: what a browser does with a file, and what it calls it. */
import { encodeSegment } from '../file-key.ts'

/** Written as RFC 6266 says: a name of plain letters for all, and the real one as RFC 8187 encodes it. */
export function attachment(name: string): string {
  const wellFormed = name.toWellFormed()
  const plain = wellFormed.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%/]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeSegment(wellFormed)}`
}

/** The last part of a key. */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
