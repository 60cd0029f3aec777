/** @module The responses of an operation: its success, and the errors that Limber answers by itself. */
import { STATUS_CODES } from 'node:http'
import type { Guard } from '../../application/ports/guard.ts'
import type { Route } from '../routing/route.ts'
import type { JsonSchema } from '../schemas/json-schema.ts'
import type { Content, Operation, Reference, Response } from './document.ts'
import type { RoutePath } from './operation-ids.ts'
import type { SchemaComponents } from './schema-components.ts'

/** The schema of every error that is answered: RFC 9457, with what Limber adds. */
const PROBLEM: JsonSchema = {
  type: 'object',
  title: 'Problem details',
  description: 'What went wrong, as RFC 9457 says it.',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string', description: 'The words for the status.' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Says what went wrong in a word that stays the same.' },
    requestId: { type: 'string', description: 'Finds the request in the log.' },
    detail: { type: 'string', description: 'What went wrong with this request.' },
    hint: { type: 'string', description: 'What to do next.' },
    errors: {
      type: 'array',
      description: 'Every fault of the input.',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'Where it is: `body.title`.' },
          message: { type: 'string' },
        },
        required: ['path', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'code', 'requestId'],
}

/** The responses that routes share, by the names of their statuses. */
export class SharedResponses {
  readonly #schemas: SchemaComponents
  readonly #responses = new Map<string, Response>()
  #problem: Reference | undefined

  constructor(schemas: SchemaComponents) {
    this.#schemas = schemas
  }

  problem(status: number): Reference {
    this.#problem ??= this.#schemas.add('Problem', PROBLEM)
    const description = STATUS_CODES[status] ?? String(status)
    const name = description.replace(/\W/g, '')
    this.#responses.set(name, {
      description,
      content: { 'application/problem+json': { schema: this.#problem } },
    })
    return { $ref: `#/components/responses/${name}` }
  }

  get all(): Readonly<Record<string, Response>> {
    return Object.fromEntries([...this.#responses].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

export function responsesOf(
  entry: RoutePath,
  content: Content | undefined,
  shared: SharedResponses,
): Operation['responses'] {
  const { route } = entry
  const status = successOf(route)
  const description = STATUS_CODES[status] ?? 'Success'
  const problems = problemsOf(entry).map((problem) => [problem, shared.problem(problem)])
  return {
    ...Object.fromEntries(problems),
    // Last, since what a route says of a status is better than what is said of it everywhere.
    [status]: { description, ...(content && { content }) },
  }
}

/** Nobody knows what a handler gives for which there is no schema: whoever reads gets something. */
function successOf({ method, options }: Route): number {
  if (options.status !== undefined) return options.status
  return options.response || options.stream || method === 'GET' || method === 'HEAD' ? 200 : 204
}

function problemsOf({ route, template }: RoutePath): number[] {
  const { params, query, headers, body, guards = [], answers = [] } = route.options
  const hasInput = [params, query, headers, body].some((schema) => schema !== undefined)
  return [
    ...(hasInput ? [400, 422] : []),
    ...guards.flatMap(answersOf),
    ...answers,
    ...(template.parameters.length > 0 ? [404] : []),
    500,
  ]
}

function answersOf({ answers, scheme, anyOf }: Guard): readonly number[] {
  return answers ?? [...(scheme || anyOf ? [401, 403] : []), ...(anyOf ?? []).flatMap(answersOf)]
}
