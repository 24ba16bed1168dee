import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Actor } from './actor';
import { type Role, roles } from './actor';
import { type Action, authorize, permissions } from './authorize';
import type { ControlContext, TenantContext } from './context';
import { untouchable } from './testing/untouchable';
import type { Verb } from './verb';

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/(^|\/)(testing|fixtures)\//.test(file),
  );
const verbFiles = files.filter((file) => file.split('/')[1] === 'verbs');
const otherFiles = files.filter((file) => !verbFiles.includes(file));

type AnyVerb = Verb<TenantContext & ControlContext, never, unknown>;

async function verbsOf(file: string): Promise<readonly (readonly [string, AnyVerb])[]> {
  const module = (await import(/* @vite-ignore */ join(root, file))) as Record<string, unknown>;
  return Object.entries(module).filter((entry): entry is [string, AnyVerb] => isVerb(entry[1]));
}

function isVerb(value: unknown): value is AnyVerb {
  return typeof value === 'function' && 'action' in value;
}

function actor(...held: string[]): Actor {
  return { id: 'x', name: 'x', roles: held as Role[] };
}

function contextOf(who: Actor, state: 'active' | 'suspended' = 'active'): TenantContext & ControlContext {
  return {
    actor: who,
    tenant: { id: 'foo', name: 'Foo', state, accountId: null, createdAt: new Date(0) },
    ports: untouchable('a port'),
    requestId: 'r',
    log: untouchable('the log'),
    now: () => new Date(),
  };
}

describe('every file in a folder `verbs`', () => {
  it('is there', () => expect(verbFiles.length).toBeGreaterThan(45));

  it.each(verbFiles)('%s makes a verb, and one that refuses before it touches anything', async (file) => {
    const verbs = await verbsOf(file);
    expect(verbs.length).toBeGreaterThan(0);
    for (const [, verb] of verbs) {
      expect(permissions).toHaveProperty([verb.action]);
      const allowed: readonly string[] = permissions[verb.action];
      const others = roles.filter((role) => !allowed.includes(role));
      for (const held of [[], others, ['root', 'constructor', '__proto__']]) {
        await expect(verb(contextOf(actor(...held)), {} as never)).rejects.toMatchObject({
          code: 'forbidden',
        });
      }
    }
  });

  it.each(otherFiles)('%s, which is in no such folder, makes none', async (file) => {
    expect(await verbsOf(file)).toEqual([]);
  });

  it('has a verb for every action except those of later pages', async () => {
    const made = (await Promise.all(verbFiles.map(verbsOf))).flat().map(([, { action }]) => action);
    const open = Object.keys(permissions).filter((action) => !made.some((one) => one === action));
    // The start page has verbs of its own for each role.
    expect(open).toEqual(['overview.view']);
  });
});

describe('authorize', () => {
  it('refuses an action that is not in the table to everybody', () => {
    for (const action of ['tenants.delete', 'toString', '__proto__']) {
      expect(() => authorize(actor(...roles), action as Action, null)).toThrow(/role/);
    }
  });

  it('refuses everybody of a suspended tenant but the system', () => {
    expect(() => authorize(actor('scientist'), 'workbench.view', 'suspended')).toThrow(/suspended/);
    expect(() => authorize(actor('scientist'), 'workbench.view', 'active')).not.toThrow();
    expect(() => authorize(actor('system'), 'workbench.advance', 'suspended')).not.toThrow();
  });
});
