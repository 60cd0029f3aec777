/** @module Gives up a call of the Bot API. */
import type { RawApi } from 'grammy'

export type ApiSignal = NonNullable<Parameters<RawApi['getMe']>[0]>

/** The signal of the platform as grammy wants it. */
export function apiSignal(signal: AbortSignal): ApiSignal {
  // grammy declares the class of a package that stands in for it; it only listens to it and asks whether it is aborted.
  return signal as unknown as ApiSignal
}
