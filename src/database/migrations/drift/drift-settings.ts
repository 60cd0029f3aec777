/** @module How carefully the start of an application looks for drift. */
import { type DriftConfig, type MigrationsConfig, migrationsConfigOf } from '../migrations-config.ts'

const TIMEOUT = 2_000

/** @param environment tests apply their schema by themselves, so that there nothing is said unless it is asked for */
export function driftSettings(
  written: string | MigrationsConfig | undefined,
  environment: string,
): Required<DriftConfig> {
  const { drift = {} } = migrationsConfigOf(written)
  const { mode = environment === 'test' ? 'off' : 'warn', timeout = TIMEOUT } =
    typeof drift === 'string' ? { mode: drift } : drift
  return { mode, timeout }
}
