/** @module Tells of an error of liquidjs where it happened, in words that need not know liquidjs. */
import { messageOf } from '../../support/message-of.ts'
import { TemplateError } from './errors.ts'
import type { TemplateFile } from './template-files.ts'

/** @param name of the template that was to be filled in; the fault may be in one that it includes */
export function templateErrorOf(
  error: unknown,
  files: ReadonlyMap<string, TemplateFile>,
  name: string,
): TemplateError {
  const inner = innermostOf(error)
  const { file, line } = positionOf(inner)
  const place = files.get(file ?? name)?.place ?? name
  return new TemplateError(line === undefined ? place : `${place}:${line}`, reasonOf(inner), error)
}

/** An error in an included template is wrapped in that of the tag which includes it. */
function innermostOf(error: unknown): unknown {
  let inner = error
  for (let next = originalOf(inner); positionOf(next).line !== undefined; next = originalOf(next))
    inner = next
  return inner
}

function originalOf(error: unknown): unknown {
  return Reflect.get(Object(error), 'originalError')
}

function positionOf(error: unknown): { file?: string; line?: number } {
  const token = Object(Reflect.get(Object(error), 'token'))
  const file: unknown = Reflect.get(token, 'file')
  const getPosition: unknown = Reflect.get(token, 'getPosition')
  const position: unknown = typeof getPosition === 'function' ? getPosition.call(token) : undefined
  const line: unknown = Array.isArray(position) ? position[0] : undefined
  return {
    ...(typeof file === 'string' && { file }),
    ...(typeof line === 'number' && { line }),
  }
}

/** Without the place, which liquidjs adds at the end. */
function reasonOf(error: unknown): string {
  const original = originalOf(error)
  const message = messageOf(original ?? error)
  const missing = /^ENOENT: Failed to lookup "(.*)" in /s.exec(message)?.[1]
  if (missing !== undefined) return `there is no template "${missing}"`
  return message.replace(/, (?:file:.*, )?line:\d+, col:\d+$/s, '')
}
