/** @module Reads what a method of the Bot API is given, from the request of its client. */

export type Payload = Readonly<Record<string, unknown>>

/** A file becomes its name and its size in bytes. */
export async function readPayload(init: RequestInit | undefined): Promise<Payload> {
  if (init?.body === undefined || init.body === null) return {}
  const headers = new Headers(init.headers)
  const options = { method: 'POST', headers, body: init.body, duplex: 'half' } as const
  const request = new Request('http://bot-api.invalid', options)
  if (headers.get('content-type')?.startsWith('multipart/')) return fromForm(await request.formData())
  const given: unknown = JSON.parse((await request.text()) || '{}')
  return { ...Object(given) }
}

function fromForm(form: FormData): Payload {
  const payload: Record<string, unknown> = {}
  for (const [name, value] of form.entries()) {
    payload[name] = typeof value === 'string' ? fieldOf(value) : { file: value.name, size: value.size }
  }
  return payload
}

/** A form knows texts only: what is none is written as JSON. */
function fieldOf(text: string): unknown {
  if (!/^([[{]|-?\d+$|true$|false$)/.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return text
  }
}
