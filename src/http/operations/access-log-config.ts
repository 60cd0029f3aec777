/** @module What the configuration says of the access log. */

export interface AccessLogConfig {
  /** Whether to name the client's program; default false. */
  readonly userAgent?: boolean
  /** Whether the health routes are in it; default false. */
  readonly health?: boolean
  /** The paths of routes that are left out, as `limber routes` lists them. */
  readonly skip?: readonly string[]
}
