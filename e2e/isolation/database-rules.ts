import type { Catalogue, TableRule } from './database';

const ofTenant = (commands: string): TableRule => ({
  tenant: commands,
  control: '',
  extract: '',
  policies: ['tenant all: own tenant'],
});
/** Rows that only the closing of the tenant deletes. */
const purged = (commands: string, rule = ofTenant(`${commands}, delete`)): TableRule => ({
  ...rule,
  policies: [...rule.policies, 'tenant delete only: may_purge(tenant_id)'].sort(),
});
const everything = 'select, insert, update, delete';
const withControl = (rule: TableRule, control: string, policies: readonly string[]): TableRule => ({
  ...rule,
  control,
  policies: [...policies, ...rule.policies].sort(),
});
/** The extract job sees the rows of the tenant that sealed its order. */
const withExtract = (rule: TableRule, extract: string): TableRule => ({
  ...rule,
  extract,
  policies: ['extract select: tenant of the sealed order', ...rule.policies].sort(),
});
/** What a seller writes in the table `name`, and tenants see once it is published. */
const ofSeller = (name: string, commands: string): TableRule => ({
  tenant: 'select',
  control: 'select',
  extract: '',
  seller: commands,
  policies: [
    'control select: every row',
    'seller all: own seller',
    `tenant select: (EXISTS ( SELECT\n   FROM listing l\n  WHERE (l.id = ${name}.listing_id)))`,
  ],
});
const closed: TableRule = { tenant: '', control: '', extract: '', policies: [] };

/** Not `at`, which the database says. */
const auditColumns =
  'select, insert (action, actor_id, actor_name, after, before, detail, id, idempotency_key, request_id, result, roles, subject, tenant_id)';

/** Locks and messages show nobody a row. NOTIFY is a command, too, and Prisma locks its migrations. */
const locksAndMessages = [
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_advisory_unlock',
  'pg_advisory_unlock_shared',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
  'pg_notify',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'pg_try_advisory_xact_lock',
  'pg_try_advisory_xact_lock_shared',
];

/** What the catalogue of the database has to say, and nothing besides. A new relation, function or role gets a line here. */
export const expectedCatalogue: Pick<
  Catalogue,
  'tables' | 'functions' | 'schemas' | 'roles' | 'memberships' | 'unbound' | 'otherDatabases' | 'extensions'
> = {
  tables: {
    'crm.customer': withExtract(ofTenant(everything), 'select'),
    'crm.customer_order': withExtract(ofTenant(everything), 'select'),
    'crm.customer_score': ofTenant(everything),
    'crm.customer_score_shared': ofTenant(''),
    'crm.customer_term': ofTenant(everything),
    // The owner's policies serve claim_stale_scores, which returns ids alone.
    'crm.history': {
      ...ofTenant(everything),
      extract: 'select (revision, tenant_id)',
      policies: [
        'extract select: tenant of the sealed order',
        'owner select: ((as_of IS NOT NULL) AND (scored_revision IS DISTINCT FROM revision))',
        'owner update: ((as_of IS NOT NULL) AND (scored_revision IS DISTINCT FROM revision))',
        'tenant all: own tenant',
      ],
    },
    // Read by salted_hash and by the functions of the seal, which run as the owner.
    'crm.mask_salt': {
      ...closed,
      policies: [
        'owner delete: (own tenant AND may_purge(tenant_id))',
        'owner insert: check true',
        'owner select: own tenant',
      ],
    },
    'crm.model_score': ofTenant('select'),
    'crm.model_‹tenant›_‹run›': ofTenant('select'),
    'crm.order_import': purged('select, insert, update'),
    'crm.score_comparison': ofTenant(everything),
    'crm.scoring_run': ofTenant(everything),
    'crm.scoring_run_run_seq': closed,
    'crm.ticket': withExtract(ofTenant(everything), 'select'),
    'crm.watermark': withExtract(purged('select, insert, update'), 'select'),
    'public._prisma_migrations': closed,
    'public.account_cost': withControl(ofTenant('select'), everything, ['control all: every row']),
    // What AWS Marketplace said of every agreement, for the worker.
    'public.agreement': {
      ...closed,
      control: 'select, insert, update',
      policies: ['control all: every row'],
    },
    'public.app_user': {
      tenant: 'select, insert, delete, update (disabled_at, invitation_sent_at, roles)',
      control: 'select, insert, update',
      extract: '',
      policies: [
        'control all: every row',
        'tenant delete: own tenant',
        'tenant insert: check own tenant',
        'tenant select: own tenant',
        'tenant update: own tenant',
      ],
    },
    // Sellers add events that are of no tenant, and read none.
    'public.audit_event': {
      ...withControl(ofTenant(auditColumns), auditColumns, [
        'control all: every row',
        'seller insert: check (tenant_id IS NULL)',
      ]),
      seller: 'insert',
    },
    // Written by triggers alone. They hold digests and no values.
    'public.audit_head': {
      ...closed,
      control: 'select',
      policies: ['control select: every row', 'owner all: every row'],
    },
    'public.audit_link': {
      ...closed,
      control: 'select',
      policies: ['control select: every row', 'owner all: every row'],
    },
    // How old the bill is: nothing of a tenant.
    'public.bill': {
      ...closed,
      tenant: 'select',
      control: 'select, update',
      policies: ['control all: every row', 'tenant select: every row'],
    },
    'public.budget_notice': withControl(ofTenant('select, insert'), 'select, update (mailed_at)', [
      'control all: every row',
    ]),
    'public.closing': withControl(
      ofTenant('select, update (attempt, counts, left_over, revision, state, steps, updated_at)'),
      'select, insert, update',
      ['control all: every row', 'owner select: own tenant'],
    ),
    'public.contract_report': purged('select, insert'),
    'public.doctor_run': withControl(purged('select, insert, update'), 'select, insert, update', [
      'control all: every row',
    ]),
    // Standards are the same for every tenant; an override is its tenant's.
    'public.extract_policy': {
      tenant: 'select',
      control: 'select, insert',
      extract: 'select',
      policies: [
        'control all: every row',
        'extract select: tenant of the sealed order',
        'extract select: (tenant_id IS NULL)',
        'tenant select: own tenant',
        'tenant select: (tenant_id IS NULL)',
      ],
    },
    'public.listing': {
      ...ofSeller(
        'listing',
        'select, insert, update (accept, content_types, product_page, revision, sample_request, sample_type, state, summary, terms_url, title, updated_at)',
      ),
      policies: [
        'control select: every row',
        'seller all: own seller',
        'tenant select: (EXISTS ( SELECT\n   FROM subscription s\n  WHERE (s.listing_id = listing.id)))',
        "tenant select: (state = 'published'::text)",
      ],
    },
    // Rows of a listing that the tenant sees.
    'public.listing_dimension': ofSeller(
      'listing_dimension',
      'select, insert, delete, update (description, measure, usd)',
    ),
    'public.listing_version': ofSeller('listing_version', 'select, insert'),
    'public.model_activation': purged('select, insert'),
    'public.model_version': purged('select, insert'),
    'public.onboarding': withControl(
      ofTenant('select, update (attempt, owner_id, revision, state, steps, updated_at)'),
      'select, insert, delete, update (attempt, owner_id, revision, state, steps, updated_at)',
      ['control all: every row', 'control delete only: may_purge(tenant_id)'],
    ),
    // A tenant reads the plan that it has, and of its versions neither the notes nor who wrote them.
    'public.plan': {
      tenant: 'select',
      control: 'select, insert, update (retired_at)',
      extract: '',
      policies: ['control all: every row', 'tenant select: own plan'],
    },
    'public.plan_version': {
      tenant:
        'select (budget_brake, created_at, endpoints, extracts_per_day, monthly_budget_usd, people, plan_id, runs_at_once, variants, version)',
      control: 'select, insert',
      extract: '',
      policies: ['control all: every row', 'tenant select: own plan'],
    },
    'public.seller': {
      ...closed,
      control: 'select, insert',
      seller: 'select',
      policies: ['control all: every row', 'seller all: own seller'],
    },
    'public.spend': withControl(ofTenant('select, update'), 'select, insert, update (next_at)', [
      'control all: every row',
    ]),
    'public.spend_day': withControl(ofTenant('select, insert, update'), '', ['control all: every row']),
    'public.scoring': withControl(purged('select, insert, update'), 'select (next_look_at, tenant_id)', [
      'control select: every row',
    ]),
    // People who sign up are of no tenant yet.
    'public.sign_up': withControl(
      closed,
      'select, insert, delete, update (confirmed_at, organisation, resends, tenant_id, tries)',
      ['control all: every row'],
    ),
    // A seller sees who subscribed, and no step of the set-up in the buyer’s account.
    'public.subscription': {
      tenant:
        'select, delete, update (attempt, deployment, removed_at, revision, steps, updated_at, version)',
      control: 'select, insert, update (agreement_id, deprovisioned_at, ended_at, licensed_at, updated_at)',
      extract: '',
      seller:
        'select (account_id, agreement_id, created_at, deployment, deprovisioned_at, ended_at, id, license_arn, licensed_at, listing_id, removed_at, seller_id, state, suspended_at, suspended_by, suspended_reason, tenant_id, updated_at, version), update (suspended_at, suspended_by, suspended_reason, updated_at)',
      policies: [
        'control all: every row',
        'seller all: own seller',
        'tenant all: own tenant',
        'tenant delete only: may_purge(tenant_id)',
      ],
    },
    'public.tenant': {
      tenant: 'select',
      control: 'select, insert, update',
      extract: 'select (account_id, id)',
      policies: [
        'control all: every row',
        'extract select: tenant of the sealed order',
        'tenant select: own tenant',
      ],
    },
    'sheet.‹tenant›': ofTenant(''),
    'sheet.‹tenant›_‹transaction›': ofTenant(''),
  },
  functions: {
    'crm.analyse_model_run': 'tenant, as its owner, fixed search path',
    // Statistics of the shared tables, after an import. It returns nothing.
    'crm.analyse_orders': 'tenant, as its owner, fixed search path',
    'crm.drop_model_run': 'tenant, as its owner, fixed search path',
    'crm.index_model_run': 'tenant, as its owner, fixed search path',
    'crm.index_score_sheet': 'tenant, as its owner, fixed search path',
    'crm.index_seated_sheet': 'tenant, as its owner, fixed search path',
    'crm.keep_customer_terms': 'PUBLIC, by triggers alone',
    'crm.model_run': 'nobody',
    'crm.new_salt': 'nobody',
    'crm.open_model_run': 'tenant, as its owner, fixed search path',
    'crm.open_score_sheet': 'tenant, as its owner, fixed search path',
    'crm.order_seal': 'nobody',
    'crm.protect_scores': 'nobody',
    // Only while the tenant is being closed and its time is over; it returns nothing.
    'crm.purge_own_tables': 'tenant, as its owner, fixed search path',
    'crm.salt_new_tenant': 'nobody, by triggers alone, as its owner, fixed search path',
    'crm.salted_hash': 'extract, tenant, as its owner, fixed search path',
    'crm.score_home': 'nobody',
    'crm.score_sheet': 'nobody',
    'crm.scoring_tenant': 'nobody',
    'crm.seal_model_run': 'tenant, as its owner, fixed search path',
    // A keyed hash of a text of the own tenant.
    'crm.seal_order': 'tenant, as its owner, fixed search path',
    'crm.sealed_tenant': 'extract, as its owner, fixed search path',
    'crm.seat_score_sheet': 'tenant, as its owner, fixed search path',
    'public.audit_digest': 'nobody',
    'public.audit_event_gets_a_link': 'nobody, by triggers alone, as its owner, fixed search path',
    'public.audit_event_is_append_only': 'PUBLIC, by triggers alone',
    'public.audit_field': 'nobody',
    'public.audit_hash': 'nobody',
    'public.audit_links_join_chains': 'nobody, by triggers alone, as its owner, fixed search path',
    'public.audit_links_stay': 'nobody, by triggers alone',
    'public.claim_stale_scores': 'control, as its owner, fixed search path',
    'public.end_sessions': 'PUBLIC, by triggers alone',
    'public.listing_version_is_append_only': 'PUBLIC, by triggers alone',
    // It runs as its caller, whose policies decide which overrides it finds.
    'public.extract_policies_in_force': 'control, extract, tenant',
    'public.extract_policy_is_append_only': 'PUBLIC, by triggers alone',
    // It runs as its caller, who sees the closing of the own tenant.
    'public.may_purge': 'control, tenant',
    'public.models_are_append_only': 'PUBLIC, by triggers alone',
    'public.plan_version_is_append_only': 'PUBLIC, by triggers alone',
  },
  schemas: {
    crm: 'extract usage, tenant usage',
    database: 'extract connect, portal connect, tenant temporary',
    public: 'control usage, extract usage, seller usage, tenant usage',
    sheet: 'tenant usage',
  },
  roles: {
    // Of the embedded servers alone; the product has no password of it.
    annex_admin:
      'superuser, bypasses row-level security, login, inherits, creates roles, creates databases, replication',
    annex_control: 'inherits',
    // A member of nothing: no statement of an extract can take another role.
    annex_extract: 'login',
    annex_owner: 'login, inherits, creates roles',
    // NOINHERIT: it reaches nothing before it takes one of the three roles.
    annex_portal: 'login',
    annex_replica: 'login, inherits, replication',
    annex_seller: 'inherits',
    annex_tenant: 'inherits',
  },
  memberships: [
    'annex_owner in annex_control, may grant it, may not take it',
    'annex_owner in annex_seller, may grant it, may not take it',
    'annex_owner in annex_tenant, may grant it, may not take it',
    'annex_portal in annex_control',
    'annex_portal in annex_seller',
    'annex_portal in annex_tenant',
  ],
  unbound: {
    annex_control: locksAndMessages,
    annex_extract: locksAndMessages,
    annex_portal: locksAndMessages,
    annex_seller: locksAndMessages,
    annex_tenant: locksAndMessages,
  },
  otherDatabases: [],
  extensions: ['plpgsql'],
};
