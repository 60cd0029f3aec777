/** @module What can be said of a cookie besides its name and its value. */

/** Where a cookie is valid. */
export interface CookieScope {
  /** Default: `/`, every path. */
  readonly path?: string
  /** Default: this host, and none of its subdomains. */
  readonly domain?: string
}

export interface CookieOptions extends CookieScope {
  /** How long the browser keeps it, in seconds; default: until it is closed. */
  readonly maxAge?: number
  /** The same as a moment. */
  readonly expires?: Date
  /** Whether scripts of the page cannot read it; default true. */
  readonly httpOnly?: boolean
  /** Whether it comes along when another site leads here: `lax` with links only; default: `lax`. */
  readonly sameSite?: 'strict' | 'lax' | 'none'
  /** Whether it is sent over HTTPS only; default: `auto`, when the request came over HTTPS. */
  readonly secure?: boolean | 'auto'
  /** Whether a cookie that was changed on its way is not read; default: whether there is a secret. */
  readonly signed?: boolean
  /** Whether each site that embeds this one has a cookie of its own; default false. */
  readonly partitioned?: boolean
}
