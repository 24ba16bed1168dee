import pino from 'pino';
import type { StandInLog } from './service';

/** Lines of JSON on standard error: standard output is left to what the start script reads. */
export function createLog(level = process.env.LOG_LEVEL ?? 'info'): StandInLog {
  return pino({ level, base: { service: 'aws' } }, pino.destination(2));
}
