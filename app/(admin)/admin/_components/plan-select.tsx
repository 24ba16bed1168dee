import type { Plan } from '@/lib/domain/plans/ports';

/** Chooses the plan of a tenant. */
export function PlanSelect({
  plans,
  chosen,
  ...rest
}: {
  readonly plans: readonly Pick<Plan, 'id' | 'name'>[];
  readonly chosen: string;
  readonly className: string;
  readonly 'aria-describedby'?: string;
}) {
  return (
    <select id="planId" name="planId" defaultValue={chosen} {...rest}>
      {plans.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
