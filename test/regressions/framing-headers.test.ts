import { expect, test } from 'vitest'
import { withRoutes } from '../http/serve-routes.ts'

test.for(['Transfer-Encoding', 'content-length'])(
  'the header %s, which says how long a reply is, is not for handlers',
  async (name) => {
    const { http, errors } = await withRoutes((router) =>
      router.get('/it', ({ response }) => {
        response.header(name, 'chunked')
        return 'hello'
      }),
    )
    const reply = await http.inject('/it')
    expect(reply.json()).toMatchObject({ status: 500, code: 'LIMBER_INVALID_REPLY' })
    expect(errors[0]?.msg).toContain(name)
  },
)
