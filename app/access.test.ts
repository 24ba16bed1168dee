import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permissions } from '@/lib/domain/authorize';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
const named = (name: string) => files.filter((file) => file.endsWith(`/${name}`));

/** Routes that anybody may call. */
const openRoutes = new Set(['api/health/route.ts', 'api/ready/route.ts', '(public)/sign-out/route.ts']);
/** Routes that guard themselves in another way than by a role. */
const signInRoutes = new Set(['api/auth/[...nextauth]/route.ts', '(public)/sign-in/route.ts']);

async function exportsOf(file: string): Promise<[string, Record<string, unknown>][]> {
  const module = (await import(/* @vite-ignore */ join(import.meta.dirname, file))) as Record<string, never>;
  return Object.entries(module);
}

describe('every route handler and server action', () => {
  const handlers = [...named('route.ts'), ...named('actions.ts')].filter((file) => !signInRoutes.has(file));

  it('is found', () => {
    expect(handlers.length).toBeGreaterThan(7);
    expect([...signInRoutes].filter((file) => !files.includes(file))).toEqual([]);
  });

  it.each(handlers)(
    '%s names an action of the table and its scope, or why anybody may call it',
    async (file) => {
      for (const [name, handler] of await exportsOf(file)) {
        if (openRoutes.has(file)) {
          expect(handler.open, `${file} ${name}`).toMatch(/\w+ \w+/);
          continue;
        }
        expect(Object.keys(permissions), `${file} ${name}`).toContain(handler.action);
        expect(['tenant', 'control'], `${file} ${name}`).toContain(handler.scope);
        expect(handler.scope === 'control', `${file} ${name}`).toBe(!file.startsWith('(tenant)'));
      }
    },
  );
});

describe('every page of a signed-in person', () => {
  const pages = named('page.tsx').filter((file) => !file.startsWith('(public)'));

  it.each(pages)('%s asks for its context by an action of the table', (file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    const asked = [...source.matchAll(/pageContext\(\s*'([^']+)'(?:,\s*'(control)')?/g)];
    expect(asked.length, file).toBeGreaterThan(0);
    for (const [, action, scope] of asked) {
      expect(Object.keys(permissions)).toContain(action);
      expect(scope === 'control').toBe(!file.startsWith('(tenant)'));
    }
  });
});
