import { Facts } from '@/components/data/facts';
import { formatCount } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { PolicyView } from '@/lib/domain/policies/verbs/view-policy';

/** What extracts follow now. */
export function InForce({ view: { inForce, tenant } }: { readonly view: PolicyView }) {
  if (!inForce?.content) {
    return (
      <Notice tone="warning" title="No policy is in force">
        Nothing of this dataset leaves the CRM.
      </Notice>
    );
  }
  const { version, tenantId, content, effectiveAt, createdBy } = inForce;
  const whose =
    tenant === null
      ? 'Standard'
      : tenantId === null
        ? 'Standard: no override'
        : `Override for ${tenant.name}`;
  return (
    <Facts
      facts={[
        { name: 'In force', value: `Version ${version}` },
        { name: 'Which', value: whose },
        { name: 'Since', value: <Instant at={effectiveAt} /> },
        { name: 'By', value: createdBy },
        { name: 'Row limit', value: content.rowLimit === null ? 'None' : formatCount(content.rowLimit) },
      ]}
    />
  );
}
