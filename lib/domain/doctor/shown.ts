import { isTheirs } from './links';
import type { DoctorRun, LinkResult } from './ports';

/** What a tenant’s people see of a run: of the operator’s links, whether they are ok. */
export const forTenant = (run: DoctorRun): DoctorRun => ({ ...run, links: run.links.map(linkForTenant) });

function linkForTenant(link: LinkResult): LinkResult {
  if (isTheirs(link.name) || (link.state === 'not-reached' && link.because === null)) return link;
  return { ...link, calls: [], found: wordsOf(link), answer: null, fault: null, fix: null };
}

function wordsOf({ state }: LinkResult): string {
  if (state === 'ok') return 'Your administrator looks after this, and it works.';
  if (state === 'failed')
    return 'Your administrator has to mend this. Annex shows them what is wrong and how.';
  return 'Not looked at: another link has to be mended first.';
}
