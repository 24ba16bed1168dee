import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Runs a command of `worker/cli`; resolves to its exit code and what it wrote to standard error. */
const run = (command: string, ...args: string[]) =>
  new Promise<{ readonly code: number; readonly text: string }>((resolve) => {
    const file = join(root, `worker/cli/${command}.ts`);
    execFile(process.execPath, ['--import', 'tsx', file, ...args], { cwd: root }, (error, _, text) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, text }),
    );
  });

it.each([['crm-import'], ['contract-test'], ['people']])(
  '%s answers a mistake in its options with its usage',
  async (command) => {
    const [nothing, nonsense] = await Promise.all([run(command), run(command, '--nonsense')]);
    expect(nothing).toEqual({ code: 1, text: expect.stringMatching(/^Usage: npm run/) });
    expect(nonsense).toEqual({
      code: 1,
      text: expect.stringMatching(/^Unknown option '--nonsense'.*\nUsage: npm run/),
    });
  },
);

it('names a file that cannot be imported', async () => {
  expect(await run('crm-import', '--tenant', 'foo', '--file', 'no-such-file.csv')).toEqual({
    code: 1,
    text: 'Import failed: File not found: no-such-file.csv.\n',
  });
});
