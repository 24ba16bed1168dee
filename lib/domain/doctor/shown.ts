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

/** What administrators see of a run: all, but for what the tenant's people named, and what their model says. */
export const forAdmin = (run: DoctorRun): DoctorRun => ({ ...run, links: run.links.map(linkForAdmin) });

function linkForAdmin(link: LinkResult): LinkResult {
  if (link.name !== 'endpoint' || link.calls.length === 0) return link;
  const { calls, answer, fault, fix } = link;
  return {
    ...link,
    calls: calls.map((call) => ({
      ...call,
      resource: call.resource.replace(/endpoint\/.*$/s, 'endpoint/…'),
    })),
    found: endpointWords(fault),
    answer: answer && { ...answer, text: 'Its people see the text.' },
    fix: fix && { ...fix, console: fix.console?.replace(/Endpoints → .*$/s, 'Endpoints') ?? null },
  };
}

function endpointWords(fault: LinkResult['fault']): string {
  if (fault === null) return 'The endpoint in use serves.';
  if (fault === 'endpoint-missing') return 'The endpoint in use is not there.';
  if (fault === 'endpoint-failed') return 'The endpoint in use has failed. The tenant’s people see why.';
  if (fault === 'endpoint-not-serving') return 'The endpoint in use does not serve now.';
  return 'AWS did not tell about the endpoint in use.';
}
