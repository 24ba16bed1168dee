import pino from 'pino';
import { logSettings } from './env';
import { oneInProcess } from './one-in-process';
import { isReported, Outages } from './outages';

const { warn = 40, error = 50 } = pino.levels.values;

/**
 * Structured log, one JSON object a line. Never hand it a token, a presigned URL or a credential. Warnings and errors whose `err`
 * belongs to an outage that is reported already become debug lines.
 */
export function openLog(
  { level, service }: ReturnType<typeof logSettings>,
  destination?: pino.DestinationStream,
): pino.Logger {
  return pino(
    {
      level,
      base: { service },
      redact: {
        paths: [
          '*.password',
          '*.token',
          '*.secret',
          '*.url',
          '*.AuthorizedUrl',
          '*.Credentials',
          '*.authorization',
          '*.cookie',
        ],
        censor: '[redacted]',
      },
      serializers: { err: pino.stdSerializers.err },
      hooks: {
        logMethod(given, method, number) {
          const [fields] = given as readonly unknown[];
          const err = typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : null;
          if ((number === warn || number === error) && isReported(err)) this.debug(...given);
          else method.apply(this, given);
        },
      },
    },
    destination ?? pino.destination(1),
  );
}

/** This process's log, on stdout. */
export const log = openLog(logSettings());

/** The outages that this process knows of. */
export const outages = oneInProcess('outages', () => new Outages(log));
