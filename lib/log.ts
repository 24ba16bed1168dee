import pino from 'pino';
import { logSettings } from './env';

const { level, service } = logSettings();

/** Structured log, one JSON object a line on stdout. Never hand it a token, a presigned URL or a credential. */
export const log = pino({
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
});
