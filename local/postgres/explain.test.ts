import { describe, expect, it } from 'vitest';
import { explainFailure, explainLog } from './explain';

const server = {
  name: 'primary',
  port: 5999,
  portVariable: 'ANNEX_PG_PORT',
  dataDir: '/state/primary',
  logFile: '/state/primary.log',
};

describe('what a server that did not start is explained with', () => {
  it.each([
    [
      'PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device',
      'The disk with /state/primary is full',
    ],
    [
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
      'set ANNEX_PG_PORT to a free port',
    ],
    ['FATAL:  could not open file "PG_VERSION": Permission denied', 'Start Annex as an ordinary user'],
    ['FATAL:  something else', 'FATAL:  something else'],
  ])('%s', (line, words) => {
    expect(explainLog(server, `older line\n${line}\n`).message).toContain(words);
  });

  it('is the newest lines: an old full disk is no reason', () => {
    const log = `No space left on device\n${'LOG:  fine\n'.repeat(20)}`;
    expect(explainLog(server, log).message).not.toContain('full');
  });

  it('knows the operating system’s codes', () => {
    expect(explainFailure('/state', Object.assign(new Error('write'), { code: 'ENOSPC' })).message).toContain(
      '/state is full',
    );
    expect(explainFailure('/state', Object.assign(new Error('open'), { code: 'EACCES' })).message).toContain(
      'cannot read or write /state',
    );
    expect(explainFailure('/state', new Error('other')).message).toBe('other');
  });
});
