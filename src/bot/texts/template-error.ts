/** @module Tells of an error of liquidjs where it happened, in words that need not know liquidjs. */
import { messageOf } from '../../support/message-of.ts'
import { TemplateError } from './errors.ts'
import type { TemplateFile } from './template-files.ts'

type Files = ReadonlyMap<string, TemplateFile>

/** Where an error of liquidjs says that it happened. */
interface Position {
  readonly file: unknown
  /** The template itself: not every error names its file. */
  readonly input: unknown
  readonly line: unknown
}

/** @param name of the template that was to be filled in; the fault may be in one that it includes */
export function templateErrorOf(error: unknown, files: Files, name: string): TemplateError {
  const inner = innermostOf(error)
  const position = positionOf(inner)
  const { place } = fileOf(position, files, name) ?? { place: name }
  const line = position && typeof position.line === 'number' ? `:${position.line}` : ''
  return new TemplateError(`${place}${line}`, reasonOf(inner), error)
}

/** An error is wrapped in that of the tag around it. */
function innermostOf(error: unknown): unknown {
  let inner = error
  for (let next = originalOf(error); positionOf(next); next = originalOf(next)) inner = next
  return inner
}

function originalOf(error: unknown): unknown {
  return Reflect.get(Object(error), 'originalError')
}

function positionOf(error: unknown): Position | undefined {
  const token = Object(Reflect.get(Object(error), 'token'))
  const getPosition: unknown = Reflect.get(token, 'getPosition')
  if (typeof getPosition !== 'function') return undefined
  const position: unknown = getPosition.call(token)
  const line: unknown = Array.isArray(position) ? position[0] : undefined
  return { file: Reflect.get(token, 'file'), input: Reflect.get(token, 'input'), line }
}

function fileOf(position: Position | undefined, files: Files, name: string): TemplateFile | undefined {
  const own = files.get(name)
  if (!position) return own
  if (typeof position.file === 'string') return files.get(position.file)
  if (own?.text === position.input) return own
  return [...files.values()].find(({ text }) => text === position.input) ?? own
}

/** Without the place, which liquidjs adds at the end. */
function reasonOf(error: unknown): string {
  const message = messageOf(originalOf(error) ?? error)
  const missing = /^ENOENT: Failed to lookup "(.*)" in /s.exec(message)?.[1]
  if (missing !== undefined) return `there is no template "${missing}"`
  return message.replace(/, (?:file:.*, )?line:\d+, col:\d+$/s, '')
}
