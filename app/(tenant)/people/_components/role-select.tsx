import { namesOfRoles, tenantRoles } from '@/lib/domain/actor';
import { roleWords } from '../words';

/** The roles that an owner can give. */
export function RoleSelect({ chosen }: { readonly chosen: string }) {
  return (
    <fieldset>
      <legend className="text-sm font-medium">Role</legend>
      <div className="mt-1 grid gap-1.5">
        {tenantRoles.map((role) => (
          <label key={role} className="flex gap-2.5 text-sm">
            <input
              type="radio"
              name="role"
              value={role}
              required
              defaultChecked={role === chosen}
              className="mt-1 size-4 shrink-0 accent-action"
            />
            <span>
              <span className="font-medium">{namesOfRoles([role])}</span>{' '}
              <span className="text-muted">{roleWords[role]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
