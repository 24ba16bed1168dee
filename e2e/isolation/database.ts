import { join } from 'node:path';
import type { Client } from 'pg';
import { connected } from '../../local/postgres/connected';
import { databaseName } from '../../local/postgres/primary';
import { readSecrets } from '../../local/postgres/secrets';
import { journeyStack } from '../stack';

/** Who may do what with a relation, and under which policies. */
export interface TableRule {
  /** Commands of the role `annex_tenant`; of some columns alone: `select (tenant_id)`. */
  readonly tenant: string;
  /** Commands of the role `annex_control`. */
  readonly control: string;
  /** Commands of `annex_extract`, the login of the extract job. */
  readonly extract: string;
  /** Commands of `annex_seller`; absent: none. */
  readonly seller?: string;
  /** `role command: condition`; `role command only: condition` for one that has to be met besides. Both conditions of a policy are the same unless they say `using` and `check`. */
  readonly policies: readonly string[];
}

export interface Catalogue {
  readonly tables: Readonly<Record<string, TableRule>>;
  /** Forced row-level security is missing, or somebody else than these four roles may use the table. */
  readonly unprotected: readonly string[];
  /** `tenant: execute, as its owner`, by signature. */
  readonly functions: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, string>>;
  /** Attributes of each role that is not PostgreSQL's own. */
  readonly roles: Readonly<Record<string, string>>;
  /** `member in role`. */
  readonly memberships: readonly string[];
  /** What each login of the product may call of PostgreSQL's own functions that row-level security does not bind. */
  readonly unbound: Readonly<Record<string, readonly string[]>>;
  /** Databases besides the product's that a login of the product may connect to. */
  readonly otherDatabases: readonly string[];
  readonly extensions: readonly string[];
  /** The names of all relations, those made at run time too. */
  readonly found: readonly string[];
}

/** Connects as the superuser, whom row-level security does not bind. */
export const asSuperuser = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
  connectedAs('annex_admin', 'ANNEX_PG_PORT', work);

/** Connects to the replica with the login of the extract job. */
export const asJobLogin = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
  connectedAs('annex_extract', 'ANNEX_PG_STANDBY_PORT', work);

async function connectedAs<T>(
  user: 'annex_admin' | 'annex_extract',
  port: 'ANNEX_PG_PORT' | 'ANNEX_PG_STANDBY_PORT',
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const secrets = await readSecrets(join(journeyStack.stateDir, 'postgres'));
  if (!secrets) throw new Error('The stack has no PostgreSQL.');
  const server = { host: '127.0.0.1', port: Number(journeyStack.environment[port]), database: databaseName };
  return connected({ ...server, user, password: secrets[user] }, work);
}

const inSchemas = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;
const own = `(tenant_id = ( SELECT current_setting('app.tenant_id'::text, true) AS current_setting))`;
const sealed = '(tenant_id = ( SELECT crm.sealed_tenant() AS sealed_tenant))';
/** The row of the plan that the tenant has, by the column that names the plan. */
const ownPlan =
  /\((?:plan_)?id = \( SELECT t\.plan_id\s+FROM tenant t\s+WHERE \(t\.id = current_setting\('app\.tenant_id'::text, true\)\)\)\)/g;
const ownSeller = "(seller_id = ( SELECT current_setting('app.seller_id'::text, true) AS current_setting))";
const productRoles: readonly string[] = ['annex_tenant', 'annex_control', 'annex_extract', 'annex_seller'];

/** Everything in the catalogue of the database that decides who reaches which rows. */
export async function readCatalogue(): Promise<Catalogue> {
  return asSuperuser(async (client) => {
    const tables = await readTables(client);
    const merged: Record<string, TableRule> = {};
    const unprotected: string[] = [];
    for (const { name, rule, faults } of tables) {
      unprotected.push(...faults.map((fault) => `${name}: ${fault}`));
      const known = merged[pattern(name)];
      if (known && JSON.stringify(known) !== JSON.stringify(rule))
        unprotected.push(`${name}: differs from others of ${pattern(name)}`);
      merged[pattern(name)] ??= rule;
    }
    return {
      tables: merged,
      unprotected,
      found: tables.map(({ name }) => name),
      functions: await readFunctions(client),
      schemas: await readSchemas(client),
      roles: await readRoles(client),
      memberships: await readMemberships(client),
      unbound: await readUnbound(client),
      otherDatabases: await readNames(
        client,
        `SELECT r.rolname || ' ' || d.datname AS name FROM pg_database d, pg_roles r
         WHERE ${isLogin} AND d.datallowconn AND d.datname <> current_database()
           AND has_database_privilege(r.oid, d.oid, 'CONNECT') ORDER BY 1`,
      ),
      extensions: await readNames(client, 'SELECT extname AS name FROM pg_extension ORDER BY 1'),
    };
  });
}

/** The name of a table that is made at run time, with the tenant and the number left open. */
export const pattern = (table: string): string =>
  table
    .replace(/^crm\.model_[a-z0-9_]+_\d+$/, 'crm.model_‹tenant›_‹run›')
    .replace(/^sheet\.[a-z0-9-]+_\d+$/, 'sheet.‹tenant›_‹transaction›')
    .replace(/^sheet\.[a-z0-9-]+$/, 'sheet.‹tenant›');

async function readTables(client: Client) {
  const { rows } = await client.query<{
    name: string;
    forced: boolean;
    policies: string[];
    grants: { role: string; command: string; column: string | null }[];
  }>(
    `SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
            ARRAY(SELECT array_to_string(p.roles, '+') || ' ' || lower(p.cmd) ||
                         CASE p.permissive WHEN 'RESTRICTIVE' THEN ' only' ELSE '' END || ': ' ||
                         CASE WHEN p.with_check IS NULL THEN p.qual
                              WHEN p.qual IS NULL THEN 'check ' || p.with_check
                              WHEN p.qual = p.with_check THEN p.qual
                              ELSE 'using ' || p.qual || ' check ' || p.with_check END
                  FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname ORDER BY 1) AS policies,
            coalesce((SELECT json_agg(g ORDER BY g.role, g.command, g.column) FROM (
              SELECT coalesce(r.rolname, 'PUBLIC') AS role, lower(a.privilege_type) AS command, NULL AS "column"
              FROM aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> c.relowner
              UNION ALL
              SELECT coalesce(r.rolname, 'PUBLIC'), lower(a.privilege_type), t.attname
              FROM pg_attribute t, aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
              WHERE t.attrelid = c.oid AND a.grantee <> c.relowner) g), '[]') AS grants
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${inSchemas} ORDER BY 1`,
  );
  return rows.map(({ name, forced, policies, grants }) => ({
    name,
    rule: {
      tenant: commands(grants, 'annex_tenant'),
      control: commands(grants, 'annex_control'),
      extract: commands(grants, 'annex_extract'),
      ...(commands(grants, 'annex_seller') && { seller: commands(grants, 'annex_seller') }),
      policies: policies.map(inShort),
    },
    faults: [
      ...(forced || grants.length === 0 ? [] : ['row-level security is not forced']),
      ...grants
        .filter(({ role }) => !productRoles.includes(role))
        .map(({ role, command }) => `${role} may ${command}`),
    ],
  }));
}

function commands(
  grants: readonly { role: string; command: string; column: string | null }[],
  role: string,
): string {
  const of = grants.filter((grant) => grant.role === role);
  const order = ['select', 'insert', 'update', 'delete'];
  const whole = of.filter(({ column }) => column === null).map(({ command }) => command);
  const ofColumns = [...new Set(of.filter(({ column }) => column !== null).map(({ command }) => command))];
  const columnsOf = (command: string) =>
    of.filter((grant) => grant.column !== null && grant.command === command).map(({ column }) => column);
  return [
    ...whole.sort((a, b) => order.indexOf(a) - order.indexOf(b)),
    ...ofColumns.map((command) => `${command} (${columnsOf(command).join(', ')})`),
  ].join(', ');
}

const inShort = (policy: string): string =>
  policy
    .replaceAll(own, 'own tenant')
    .replaceAll(own.replace('tenant_id', 'id'), 'own tenant')
    .replaceAll(ownPlan, 'own plan')
    .replaceAll(ownSeller, 'own seller')
    .replaceAll(ownSeller.replace('seller_id', 'id'), 'own seller')
    .replaceAll(sealed, 'tenant of the sealed order')
    .replaceAll(sealed.replace('tenant_id', 'id'), 'tenant of the sealed order')
    .replaceAll('annex_tenant', 'tenant')
    .replaceAll('annex_extract', 'extract')
    .replaceAll('annex_seller', 'seller')
    .replaceAll('annex_control', 'control')
    .replaceAll('annex_owner', 'owner')
    .replaceAll(': true', ': every row');

async function readFunctions(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{
    name: string;
    roles: string[];
    definer: boolean;
    trigger: boolean;
    path: string | null;
  }>(
    `SELECT n.nspname || '.' || p.proname AS name, p.prosecdef AS definer, p.prorettype = 'trigger'::regtype AS trigger,
            ARRAY(SELECT coalesce(r.rolname, 'PUBLIC') FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                  LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> p.proowner ORDER BY 1)::text[] AS roles,
            (SELECT s FROM unnest(p.proconfig) s WHERE s LIKE 'search\\_path=%') AS path
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${inSchemas} ORDER BY 1`,
  );
  return Object.fromEntries(
    rows.map(({ name, roles, definer, trigger, path }) => [
      name,
      [
        roles.map(shortRole).join(', ') || 'nobody',
        ...(trigger ? ['by triggers alone'] : []),
        ...(definer
          ? ['as its owner', `${path === 'search_path=pg_catalog, pg_temp' ? 'fixed' : 'open'} search path`]
          : []),
      ].join(', '),
    ]),
  );
}

async function readSchemas(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; grants: string[] }>(
    `SELECT n.nspname AS name,
            ARRAY(SELECT coalesce(r.rolname, 'PUBLIC') || ' ' || lower(a.privilege_type) FROM aclexplode(n.nspacl) a
                  LEFT JOIN pg_roles r ON r.oid = a.grantee
                  WHERE a.grantee <> n.nspowner AND coalesce(r.rolname, '') <> 'annex_owner' ORDER BY 1) AS grants
     FROM pg_namespace n WHERE ${inSchemas}
     UNION ALL
     SELECT 'database', ARRAY(SELECT coalesce(r.rolname, 'PUBLIC') || ' ' || lower(a.privilege_type)
            FROM aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> d.datdba ORDER BY 1)
     FROM pg_database d WHERE d.datname = current_database() ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, grants }) => [name, grants.map(shortRole).join(', ')]));
}

async function readRoles(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; attributes: string }>(
    `SELECT rolname AS name, concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolbypassrls THEN 'bypasses row-level security' END,
            CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolinherit THEN 'inherits' END, CASE WHEN rolcreaterole THEN 'creates roles' END,
            CASE WHEN rolcreatedb THEN 'creates databases' END, CASE WHEN rolreplication THEN 'replication' END) AS attributes
     FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, attributes }) => [name, attributes]));
}

async function readMemberships(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ membership: string }>(
    `SELECT m.rolname || ' in ' || r.rolname || CASE WHEN a.admin_option THEN ', may grant it' ELSE '' END ||
            CASE WHEN a.set_option THEN '' ELSE ', may not take it' END AS membership
     FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
     WHERE r.rolname NOT LIKE 'pg\\_%' OR m.rolname NOT LIKE 'pg\\_%' ORDER BY 1`,
  );
  return [...new Set(rows.map(({ membership }) => membership))];
}

const isLogin = `r.rolname IN ('annex_portal', 'annex_extract')`;

/** Functions that read or write what belongs to no row: large objects, sessions, files, messages, locks, the log. */
const unboundFamilies =
  '^(lo_.*|loread|lowrite|dblink.*|pg_read_.*|pg_ls_.*|pg_stat_file|pg_stat_get_(backend_)?activity|pg_(cancel|terminate)_backend|pg_notify|pg_(try_)?advisory_.*lock(_shared)?|pg_logical_emit_message|pg_export_snapshot|pg_rotate_logfile.*|pg_reload_conf)$';

async function readUnbound(client: Client): Promise<Record<string, string[]>> {
  const { rows } = await client.query<{ role: string; names: string[] }>(
    `SELECT r.rolname AS role, array_agg(DISTINCT p.proname::text ORDER BY p.proname::text) AS names
     FROM pg_proc p, pg_roles r
     WHERE (${isLogin} OR r.rolname IN ('annex_tenant', 'annex_seller', 'annex_control')) AND p.proname ~ $1
       AND has_function_privilege(r.oid, p.oid, 'EXECUTE') GROUP BY 1 ORDER BY 1`,
    [unboundFamilies],
  );
  return Object.fromEntries(rows.map(({ role, names }) => [role, names]));
}

async function readNames(client: Client, sql: string): Promise<string[]> {
  return (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
}

const shortRole = (text: string): string =>
  text.replace(/^annex_(?=tenant|seller|control|portal|extract)/, '');
