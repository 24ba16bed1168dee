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

/** Their pages were made for nobody: they start a sign-in, or end a session that has no pages. */
const forNobody = /^app\/\(public\)\/|^app\/_components\/refusal\.tsx$/;

describe('every form', () => {
  const withForms = sources.filter(([, source]) => formsIn(source).length > 0);

  it('is found', () => {
    expect(withForms.length).toBeGreaterThan(5);
  });

  it.each(withForms)('in %s says for whom its page was made', (file, source) => {
    for (const form of formsIn(source)) {
      expect(/<ViewerField \/>/.test(form), form).toBe(!forNobody.test(file));
    }
  });

  it('that calls an action is an ActionForm, which keeps what was entered when no answer comes', () => {
    const own = sources.filter(([, source]) => /useActionState|formAction=\{/.test(source));
    expect(own.map(([file]) => file)).toEqual(['components/ui/action-form.tsx']);
  });
});
