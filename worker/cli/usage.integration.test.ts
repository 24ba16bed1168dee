import { expect, it } from 'vitest';
import { runCommand } from '../testing/built';

it.each(['crm-import', 'contract-test', 'people'] as const)(
  '%s answers a mistake in its options with its usage',
  async (command) => {
    const [nothing, nonsense] = await Promise.all([
      runCommand(command, []),
      runCommand(command, ['--nonsense']),
    ]);
    expect(nothing).toMatchObject({ code: 1, err: expect.stringMatching(/^Usage: npm run/) });
    expect(nonsense).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Unknown option '--nonsense'.*\nUsage: npm run/),
    });
  },
);

it('names a file that cannot be imported', async () => {
  expect(await runCommand('crm-import', ['--tenant', 'foo', '--file', 'no-such-file.csv'])).toMatchObject({
    code: 1,
    err: 'Import failed: File not found: no-such-file.csv.\n',
  });
});
