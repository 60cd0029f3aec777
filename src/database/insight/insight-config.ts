/** @module The `insight` part of `config/database.ts`: what is told about queries. */

export interface InsightConfig {
  /** Whether each query is logged, at the level debug; default: when the log shows that level. */
  readonly log?: boolean
  /** Whether the log shows the parameters; default: `masked`, which shows numbers and how long a text is. */
  readonly parameters?: 'masked' | 'shown'
  /** From how many milliseconds on a query is a warning, or false; default: 500. */
  readonly slow?: number | false
  /** What happens at the fifth equal query of one scope; default: `throw` in tests, `off` in production, else `warn`. */
  readonly repeated?: 'throw' | 'warn' | 'off'
}

export interface InsightSettings extends Required<InsightConfig> {
  /** Whether queries are counted for `assertQueryCount`. */
  readonly counted: boolean
}

/** What is configured, and for the rest what suits the environment. */
export function insightSettings(
  config: InsightConfig,
  environment: string,
  isDebugging: boolean,
): InsightSettings {
  const repeated = { test: 'throw', production: 'off' } as const
  return {
    log: isDebugging,
    parameters: 'masked',
    slow: 500,
    repeated: repeated[environment as keyof typeof repeated] ?? 'warn',
    counted: environment === 'test',
    ...config,
  }
}
