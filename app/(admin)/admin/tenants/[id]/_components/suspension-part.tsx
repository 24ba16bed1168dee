import { Facts } from '@/components/data/facts';
import { formatCount, formatUsd } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { Suspension } from '@/lib/domain/tenants/verbs/get-suspension';

/** Since when and why the tenant is suspended, what that stopped and what goes on. */
export function SuspensionPart({ suspension }: { readonly suspension: Suspension }) {
  const { at, by, reason, apps, extracts, quiet } = suspension;
  return (
    <section className="space-y-3" aria-labelledby="suspension">
      <h2 id="suspension" className="text-lg">
        Suspension
      </h2>
      <Facts
        facts={[
          { name: 'Since', value: <Instant at={at} /> },
          { name: 'By', value: by },
          { name: 'Reason', value: reason ?? 'None was recorded' },
          { name: 'Apps and queued work', value: <Stopped quiet={quiet} /> },
          { name: 'Apps stopped', value: formatCount(apps) },
          { name: 'Extracts cancelled', value: formatCount(extracts) },
          { name: 'Goes on', value: <GoesOn quiet={quiet} /> },
        ]}
      />
      <p className="max-w-prose text-sm text-muted">
        Data and endpoints stay: endpoints serve the product, and cost by the hour. A workbench that is being
        set up is set up to its end, which AWS can’t cancel. Annex looks every quarter of an hour, for twelve
        hours, whether a Studio session from before has started an app again.
      </p>
    </section>
  );
}

function Stopped({ quiet }: Pick<Suspension, 'quiet'>) {
  if (!quiet) return <Status tone="running">Being stopped</Status>;
  return (
    <>
      <Status tone="done">Stopped</Status>
      <span className="block text-xs font-normal text-muted">
        <Instant at={quiet.at} />
      </span>
    </>
  );
}

function GoesOn({ quiet }: Pick<Suspension, 'quiet'>) {
  if (!quiet) return 'Not known yet';
  if (quiet.endpoints === null) return 'AWS did not tell';
  if (quiet.endpoints === 0) return 'No endpoint';
  const least = quiet.unpriced ? 'at least ' : '';
  const price = quiet.usdPerHour === null ? '' : `, ${least}${formatUsd(quiet.usdPerHour)} an hour`;
  return (
    <>
      {quiet.endpoints === 1 ? '1 endpoint' : `${formatCount(quiet.endpoints)} endpoints`}
      {price}
      <span className="block text-xs font-normal text-muted">
        At list prices, as of <Instant at={quiet.at} />
      </span>
    </>
  );
}
