import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groups, roles } from '@/lib/domain/actor';
import { allows, permissions } from '@/lib/domain/authorize';
import type { Scope } from '@/lib/server/context';
import type { PageInfo } from '@/lib/server/page';
import { pagesOf } from './_components/navigation';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
const named = (name: string) => files.filter((file) => file.endsWith(`/${name}`));

/** Routes that anybody may call. */
const openRoutes = new Set([
  'api/health/route.ts',
  'api/ready/route.ts',
  '(public)/marketplace/register/route.ts',
  '(public)/sign-out/route.ts',
  '(public)/sign-up/actions.ts',
]);
/** Routes that guard themselves in another way than by a role. */
const signInRoutes = new Set(['api/auth/[...nextauth]/route.ts', '(public)/sign-in/route.ts']);

/** The start page is for every role, at one address. */
const ofEveryRole = new Set(['(tenant)/overview/page.tsx', '(tenant)/overview/status/route.ts']);

function scopeOf(file: string): Scope {
  if (ofEveryRole.has(file)) return 'person';
  if (file.startsWith('(seller)')) return 'seller';
  return file.startsWith('(tenant)') || file.startsWith('(leaving)') ? 'tenant' : 'control';
}

async function exportsOf<T>(file: string): Promise<[string, T][]> {
  const module = (await import(/* @vite-ignore */ join(import.meta.dirname, file))) as Record<string, T>;
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
      for (const [name, handler] of await exportsOf<Record<string, unknown>>(file)) {
        if (openRoutes.has(file)) {
          expect(handler.open, `${file} ${name}`).toMatch(/\w+ \w+/);
          continue;
        }
        expect(Object.keys(permissions), `${file} ${name}`).toContain(handler.action);
        expect(handler.scope, `${file} ${name}`).toBe(scopeOf(file));
      }
    },
  );
});

const signedInPages = await Promise.all(
  named('page.tsx')
    .filter((file) => !file.startsWith('(public)'))
    .map(async (file) => {
      const [info, ...more] = await exportsOf<PageInfo>(join(dirname(file), 'page-info.ts'));
      if (!info || more.length > 0)
        throw new Error(`${file}: one page-info.ts with one export stands beside a page`);
      return [file, ...info] as const;
    }),
);
const infos = signedInPages.map(([, , info]) => info);

describe('every page of a signed-in person', () => {
  it.each(signedInPages)('%s asks for its context by an action of the table', (file, name, info) => {
    expect(Object.keys(permissions)).toContain(info.action);
    expect(info.scope).toBe(scopeOf(file));
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    const asked = [...source.matchAll(/pageContext\(([^)]*)\)/g)].map(([, access]) => access);
    expect(new Set(asked)).toEqual(new Set([name]));
  });

  it.each(signedInPages)('%s says where it is, and names a page above it that is one', (file, _, info) => {
    expect(info.path).toBe(`/${dirname(file).replaceAll(/\([^/]*\)\//g, '')}`);
    if (info.parent) expect(infos).toContain(info.parent);
    expect(info.parent?.path ?? '').not.toContain('[');
  });

  it.each(groups)('is in the menu of a %s, or below a page that is, if the role includes it', (role) => {
    const person = { roles: [role] };
    // `/export` stands outside the shell, so that owners reach it while the tenant is being closed; the palette leads there.
    const inShell = infos.filter(({ path }) => path !== '/export');
    const open = inShell.filter(({ action }) => allows(person, action)).map(({ path }) => path);
    const isBelow = (path: string, pages: readonly string[]) =>
      pages.some((above) => path.startsWith(`${above}/`));
    const everyPath = infos.map(({ path }) => path);
    const menu = pagesOf(person).map(({ href }) => href);
    expect(new Set(menu)).toEqual(new Set(open.filter((path) => !isBelow(path, everyPath))));
    expect(open.filter((path) => !menu.includes(path) && !isBelow(path, menu))).toEqual([]);
  });

  it.each(roles)('is inside a layout that a %s may open, too', (role) => {
    const person = { roles: [role] };
    for (const { action, scope } of infos) {
      if (scope === 'tenant' && allows(person, action)) expect(allows(person, 'tenant.view')).toBe(true);
    }
  });
});
