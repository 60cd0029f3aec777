import { env, type LogConfig } from 'limber'

const log: LogConfig = {
  level: env.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info'),
}

export default log
