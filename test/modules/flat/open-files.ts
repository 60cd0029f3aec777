/** @module The files that this process has open, and which of them are connections to a server. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** Far more rounds of the event loop than a socket takes whose end has been heard. */
const MOST_TURNS = 1_000

/** How many files are open, apart from the connections to a port: when one is closed that waits, is up to its pool. */
export async function countOpenFiles(port: number | undefined) {
  let files = openFiles()
  for (let turn = 0; files.some(isOver) && turn < MOST_TURNS; turn += 1) {
    await setImmediate()
    files = openFiles()
  }
  const connections = port === undefined ? 0 : files.filter(({ to }) => to === port).length
  return { openFiles: files.length - connections, connections }
}

interface OpenFile {
  readonly isSocket: boolean
  readonly isKnown: boolean
  readonly to: number | undefined
}

/** What both sides have closed is known to the system no longer, and let go as soon as the event loop hears of it. */
function isOver({ isSocket, isKnown }: OpenFile): boolean {
  return isSocket && !isKnown
}

function openFiles(): OpenFile[] {
  const known = new Map(
    [...linesOf('tcp'), ...linesOf('tcp6')].map(([, , to, , , , , , , id]) => [id, portOf(to)]),
  )
  for (const [, , , , , , id] of linesOf('unix')) known.set(id, Number.NaN)
  return readdirSync('/proc/self/fd').map((file) => {
    const id = /^socket:\[(\d+)\]$/.exec(targetOf(file))?.[1]
    return { isSocket: id !== undefined, isKnown: known.has(id), to: known.get(id) }
  })
}

/** What the system tells of the sockets of a kind, word by word. */
function linesOf(kind: string): string[][] {
  const table = `/proc/self/net/${kind}`
  if (!existsSync(table)) return []
  const [, ...lines] = readFileSync(table, 'utf8').trim().split('\n')
  return lines.map((line) => line.trim().split(/\s+/))
}

/** Of `0100007F:0CEA`. */
function portOf(address = ''): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16)
}

/** The folder that lists them is open while it does, and closed when it is asked for. */
function targetOf(file: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${file}`)
  } catch {
    return ''
  }
}
