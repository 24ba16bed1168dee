import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const sources = ['app', 'components'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => [join(folder, file), readFileSync(join(root, folder, file), 'utf8')] as const),
);
const formsIn = (source: string) => source.match(/<form\b[\s\S]*?<\/form>/g) ?? [];

describe('every form', () => {
  const withForms = sources.filter(([, source]) => formsIn(source).length > 0);

  it.each(withForms)('in %s says for whom its page was made', (_, source) => {
    for (const form of formsIn(source)) expect(form).toContain('<ViewerField />');
  });

  it('is one of those that keep what was entered when no answer comes', () => {
    expect(withForms.map(([file]) => file).sort()).toEqual([
      'app/(tenant)/customers/import/_components/import-form.tsx',
      // Without JavaScript: a browser that gets no answer goes back to the page as it was.
      'app/(tenant)/customers/import/_components/plain-form.tsx',
      'app/(tenant)/extracts/new/_components/live-form.tsx',
      // Its answer comes in another tab.
      'app/(tenant)/workbench/_components/launch-studio.tsx',
      'components/ui/action-form.tsx',
      'components/ui/post-form.tsx',
    ]);
    const acting = sources.filter(([, source]) => /useActionState|formAction=\{/.test(source));
    expect(acting.map(([file]) => file)).toEqual(['components/ui/action-form.tsx']);
  });
});
