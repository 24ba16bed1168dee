import { Instant } from '@/components/ui/instant';
import type { Plan } from '@/lib/domain/plans/ports';
import type { SignUp } from '@/lib/domain/signup/ports';
import { ApproveForm, DeclineForm } from './tenant-forms';

/** A tenant that waits for a decision: who signed up, and the two ways to decide. */
export function RequestPart({
  request: { tenantId, confirmedAt, person, email },
  plans,
}: {
  readonly request: SignUp;
  readonly plans: readonly Pick<Plan, 'id' | 'name'>[];
}) {
  if (tenantId === null) return null;
  return (
    <section className="max-w-2xl space-y-4 border border-line bg-plate px-5 py-4">
      <div>
        <h2 className="text-lg">Sign-up</h2>
        <p className="mt-1 text-sm text-muted [overflow-wrap:anywhere]">
          {person} ({email}) asks for this tenant
          {confirmedAt ? (
            <>
              {' '}
              since <Instant at={confirmedAt} style="minute" />
            </>
          ) : null}
          . The address is confirmed; the names are as entered. Approving makes that person the owner and sets
          the tenant up. Declining removes the user.
        </p>
      </div>
      <ApproveForm tenantId={tenantId} plans={plans} />
      <DeclineForm tenantId={tenantId} />
    </section>
  );
}

/** Who signed a tenant up. */
export function PersonOfRequest({ request: { person, email } }: { readonly request: SignUp }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      {person}
      <span className="block text-sm font-normal">{email}</span>
    </span>
  );
}
