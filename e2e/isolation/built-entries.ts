import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { productBuild } from '../../local/build';
import type { Ids } from './entries';

/** A server action of the build: its id, and a page that has it. */
interface BuiltAction {
  readonly id: string;
  readonly page: string;
}

/** The pages, routes and actions that Next's build has. */
export async function builtEntries(): Promise<{
  readonly pages: readonly string[];
  readonly routes: readonly string[];
  readonly actions: Readonly<Record<string, BuiltAction>>;
}> {
  const root = join(import.meta.dirname, '../..');
  const built = await productBuild(root, () => undefined, new AbortController().signal);
  const manifest = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(join(built, 'portal/.next/server', name), 'utf8')) as T;
  const paths = Object.keys(await manifest<Record<string, string>>('app-paths-manifest.json'));
  const { node } = await manifest<{ node: Record<string, ManifestAction> }>('server-reference-manifest.json');
  const ending = (kind: string) =>
    paths
      .filter((path) => path.endsWith(`/${kind}`))
      .map((path) => path.slice(0, -kind.length - 1))
      .sort();
  return {
    pages: ending('page'),
    routes: ending('route'),
    actions: Object.fromEntries(
      Object.entries(node).map(([id, { exportedName, workers }]) => [
        exportedName,
        { id, page: (Object.keys(workers)[0] ?? '').replace(/^app/, '').replace(/\/page$/, '') },
      ]),
    ),
  };
}

interface ManifestAction {
  readonly exportedName: string;
  readonly workers: Readonly<Record<string, unknown>>;
}

/** The address of a page or route by its name: without groups, and with the ids of what it shows. */
export function addressOf(name: string, ids: Ids): string {
  const path = name.replaceAll(/\/\([^/]*\)/g, '');
  const id = path.startsWith('/extracts')
    ? ids.extract
    : path.startsWith('/people')
      ? ids.person
      : path.startsWith('/admin/tenants')
        ? ids.tenant
        : ids.customer;
  return path.replace('[id]', id).replace('[dataset]', 'customers') || '/';
}
