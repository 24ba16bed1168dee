import { Facts } from '@/components/data/facts';
import { Instant } from '@/components/ui/instant';
import { Term } from '@/components/ui/term';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';

/** What was requested, by whom and when. */
export function RequestFacts({ request }: { readonly request: WorkbenchRequest }) {
  const parameters = Object.entries(request.parameters).map(([name, value]) => ({
    name: spaced(name),
    value,
  }));
  return (
    <Facts
      facts={[
        { name: 'Variant', label: <Term name="variant" />, value: request.variant.name },
        ...parameters,
        { name: 'Requested by', value: request.requestedBy.name },
        { name: 'Requested', value: <Instant at={request.requestedAt} /> },
      ]}
    />
  );
}

/** `InstanceType` → `Instance type` */
const spaced = (key: string): string => {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return (
    words.charAt(0).toUpperCase() + words.slice(1).replace(/ [A-Z](?=[a-z])/g, (start) => start.toLowerCase())
  );
};
