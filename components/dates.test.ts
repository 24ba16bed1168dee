import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const sources = ['app', 'components'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .map((file) => join(folder, file)),
);
const filesWith = (pattern: RegExp) =>
  sources.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8'))).sort();

it('people read dates in one style', () => {
  expect(filesWith(/\.toLocale\w*String\(|Intl\.DateTimeFormat|\.toUTCString\(|\.toDateString\(/)).toEqual(
    [],
  );
  expect(filesWith(/<time\b/)).toEqual(['components/ui/instant.tsx', 'components/ui/local-time.tsx']);
});
