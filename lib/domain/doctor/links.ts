import { type LinkName, type LinkResult, linkNames } from './ports';

/** What has to be ok before a look at a link can tell anything. Those that do not depend on each other are looked at side by side. */
export const needs: Readonly<Record<LinkName, readonly LinkName[]>> = {
  'portal-role': [],
  trust: ['portal-role'],
  'external-id': ['trust'],
  'session-tag': ['external-id'],
  'stack-instance': ['portal-role'],
  domain: ['session-tag'],
  'execution-role': ['domain'],
  bucket: ['session-tag'],
  'extract-job': ['portal-role'],
  endpoint: ['session-tag'],
  metrics: ['session-tag'],
  quotas: ['session-tag'],
};

/** Links that the tenant’s own people can mend, in their account or on a page of theirs. The others are the operator’s. */
const theirs: ReadonlySet<LinkName> = new Set(['domain', 'execution-role', 'bucket', 'endpoint', 'quotas']);

/** Whether the tenant’s own people can mend it. */
export const isTheirs = (link: LinkName): boolean => theirs.has(link);

/** `link` with all that it hangs on, in order. */
export function chainOf(link: LinkName): readonly LinkName[] {
  const chain = new Set<LinkName>();
  const add = (name: LinkName) => {
    for (const before of needs[name]) add(before);
    chain.add(name);
  };
  add(link);
  return linkNames.filter((name) => chain.has(name));
}

/** The first link that failed; null when none did. */
export const failingOf = (links: readonly Pick<LinkResult, 'name' | 'state'>[]): LinkName | null =>
  linkNames.find((name) => links.some((link) => link.name === name && link.state === 'failed')) ?? null;
