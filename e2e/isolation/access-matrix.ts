import type { IamRole } from '../../local/aws/core/iam-role';
import type { Caller } from '../../local/aws/core/service';
import { doctorRole, tenantAccountRole } from '../../local/aws/iam/policies';
import { IamStore } from '../../local/aws/iam/store';
import { trusts } from '../../local/aws/iam/sts';
import { externalId } from '../../local/aws-names';
import { type CallerName, callers, type Kind, kinds, type Owner, other, own, owners } from './access-rules';

/** Every role of the stand-ins: the portal's, the job's, and those that a baseline makes for two tenants. */
export async function standInRoles(): Promise<{
  readonly iam: IamStore;
  readonly roles: readonly IamRole[];
}> {
  const roles = new Map<string, IamRole>();
  const iam = new IamStore({
    get: async () => undefined,
    put: async (_, key, value) => void roles.set(key, value as IamRole),
    delete: async () => undefined,
    list: async () => [],
  });
  await iam.load();
  for (const { id, account } of [own, other]) {
    await iam.putRole(tenantAccountRole(id, account));
    await iam.putRole(doctorRole(account));
  }
  return { iam, roles: [...roles.values()] };
}

/** The decisions of the policies, in the words of `expectedAccess`, and how many they were. */
export async function decideAccess(): Promise<{
  readonly access: Readonly<Record<string, Partial<Record<CallerName, string>>>>;
  readonly decisions: number;
}> {
  const { iam } = await standInRoles();
  let decisions = 0;
  const may = (caller: Caller, action: string, kind: Kind, owner: Owner): boolean => {
    const { resource, context } = kind.of(owner);
    decisions += 1;
    try {
      iam.authorize(caller, action, resource, context);
      return true;
    } catch {
      return false;
    }
  };
  const cell = (caller: Caller, kind: Kind): string => {
    const [ofOwn, ofOther] = (['own', 'other'] as const).map((whose) =>
      kind.actions.filter((action) => may(caller, action, kind, owners[whose])),
    );
    const same = JSON.stringify(ofOwn) === JSON.stringify(ofOther);
    const shared = JSON.stringify(kind.of(own)) === JSON.stringify(kind.of(other));
    if (same) return inWords(shared ? 'yes' : 'own and other', ofOwn ?? [], kind);
    return [inWords('own', ofOwn ?? [], kind), inWords('other', ofOther ?? [], kind)]
      .filter(Boolean)
      .join('; ');
  };
  const access = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      Object.fromEntries(
        Object.entries(callers)
          .map(([caller, as]) => [caller, cell(as, kind)] as const)
          .filter(([, words]) => words !== ''),
      ),
    ]),
  );
  return { access, decisions };
}

function inWords(whose: string, allowed: readonly string[], { actions }: Kind): string {
  if (allowed.length === 0) return '';
  if (allowed.length === actions.length) return whose;
  const short = (list: readonly string[]) => list.map((action) => action.split(':')[1]).join(', ');
  const left = actions.filter((action) => !allowed.includes(action));
  return left.length < allowed.length ? `${whose}: all but ${short(left)}` : `${whose}: ${short(allowed)}`;
}

/** Who may assume a role with which `ExternalId` and tag: `caller → role (ExternalId, tag)`. */
export async function decideTrust(): Promise<{
  readonly trusted: readonly string[];
  readonly decisions: number;
}> {
  const { iam, roles } = await standInRoles();
  const trusted: string[] = [];
  let decisions = 0;
  for (const role of roles) {
    for (const [name, caller] of Object.entries(callers)) {
      for (const id of [externalId(own.id), externalId(other.id), null]) {
        for (const tag of [own.id, other.id, null]) {
          decisions += 1;
          const asked = { externalId: id, tags: tag === null ? {} : { TenantId: tag } };
          if (!trusts(role, caller, asked) || !mayAssume(iam, caller, role.arn)) continue;
          trusted.push(`${name} → ${roleName(role.arn)} (${id}, ${tag})`);
        }
      }
    }
  }
  return { trusted: trusted.sort(), decisions };
}

function mayAssume(iam: IamStore, caller: Caller, role: string): boolean {
  try {
    iam.authorizeAssume(caller, role);
    return true;
  } catch {
    return false;
  }
}

function roleName(arn: string): string {
  const [account, role] = [arn.split(':')[4], arn.split('/').at(-1)];
  const owner = Object.values(owners).find((each) => each.account === account);
  return `${role} of ${owner ? owner.id : 'the portal’s account'}`;
}
