import Form from 'next/form';
import Link from 'next/link';
import { formatCount } from '@/components/format';
import { Button } from '@/components/ui/button';
import type { PolicyView } from '@/lib/domain/policies/verbs/view-policy';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { fields, policyHref } from '../../fields';

/** Leads to the standard and to the overrides of tenants. `tenants` are suggested; any other id can be entered. */
export function ScopeChoice({
  view: { dataset, tenant, overridden },
  tenants,
}: {
  readonly view: PolicyView;
  readonly tenants: readonly Tenant[];
}) {
  const others = overridden.total - overridden.tenants.length;
  return (
    <section aria-labelledby="whose" className="space-y-3">
      <h2 id="whose" className="text-lg">
        Whose policy
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        The standard holds for every tenant without an override. An override replaces the standard as a whole,
        for one tenant: later changes of the standard don’t reach it.
      </p>
      <ul className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        <li>
          <Scope href={policyHref({ dataset: dataset.name })} label="Standard" isCurrent={tenant === null} />
        </li>
        {overridden.tenants.map(({ id, name }) => (
          <li key={id}>
            <Scope
              href={policyHref({ dataset: dataset.name, tenant: id })}
              label={`Override for ${name}`}
              isCurrent={tenant?.id === id}
            />
          </li>
        ))}
        {others > 0 ? <li className="text-muted">and {formatCount(others)} more overrides</li> : null}
      </ul>
      <Form
        action={`/admin/policies/${dataset.name}`}
        prefetch={false}
        className="flex flex-wrap items-end gap-2"
      >
        <label className="block text-xs text-muted">
          Tenant ID
          <input
            name={fields.tenant}
            list="tenants"
            required
            maxLength={100}
            autoComplete="off"
            defaultValue={tenant?.id}
            className="field mt-1 block w-56"
          />
        </label>
        <datalist id="tenants">
          {tenants.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </datalist>
        <Button type="submit">Open the tenant’s policy</Button>
      </Form>
    </section>
  );
}

function Scope({
  href,
  label,
  isCurrent,
}: {
  readonly href: string;
  readonly label: string;
  readonly isCurrent: boolean;
}) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? 'page' : undefined}
      className="link [overflow-wrap:anywhere] aria-[current=page]:font-semibold aria-[current=page]:text-ink"
    >
      {label}
    </Link>
  );
}
