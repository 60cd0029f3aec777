/** @module From the bytes of a message to what its handler takes. */
import type { Fault } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import type { StandardSchema } from '../schemas/standard-schema.ts'
import { validate } from '../schemas/validate.ts'
import { MalformedMessageError, MessageInvalidError } from './errors.ts'

/**
 * Without a schema, a text or bytes as they came.
 *
 * @throws {MalformedMessageError} when a schema describes it and it is no JSON
 * @throws {MessageInvalidError} when it does not fit the schema
 */
export async function readMessage(
  data: Buffer,
  isBinary: boolean,
  schema: StandardSchema | undefined,
): Promise<unknown> {
  if (!schema) return isBinary ? data : data.toString()
  const faults: Fault[] = []
  const message = await validate('message', schema, parse(data, isBinary), faults)
  if (faults.length > 0) throw new MessageInvalidError(faults)
  return message
}

function parse(data: Buffer, isBinary: boolean): unknown {
  if (isBinary) throw new MalformedMessageError('it is binary, and not a text.')
  try {
    return JSON.parse(data.toString())
  } catch (error) {
    throw new MalformedMessageError(messageOf(error), error)
  }
}
