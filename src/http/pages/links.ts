/** @module Links from one part of a list to another: the same path, and the same query but for the place. */

/** What is undefined is taken out of the query. */
export function linkTo(url: string, place: Readonly<Record<string, string | number | undefined>>): string {
  const [written = '', ...queries] = url.split('?')
  // A URL may come with scheme and host, which are what the client says.
  const path = written.replace(/^https?:\/\/[^/]*/i, '') || '/'
  const search = new URLSearchParams(queries.join('?'))
  for (const [name, value] of Object.entries(place)) {
    if (value === undefined) search.delete(name)
    else search.set(name, String(value))
  }
  return search.size === 0 ? path : `${path}?${search}`
}
