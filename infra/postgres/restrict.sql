-- Takes from PUBLIC what PostgreSQL gives every login, and Annex's need not have. Row-level security does not reach these: a large
-- object belongs to a role, and all tenants share one. Run it as a superuser in Annex's database, as often as you like.

REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;

DO $$
DECLARE
  signature regprocedure;
BEGIN
  FOR signature IN
    SELECT oid FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')
      AND (proname LIKE 'lo\_%' OR proname IN (
        'loread', 'lowrite',
        -- Statements of others with the same login, and their ends.
        'pg_stat_get_activity', 'pg_stat_get_backend_activity', 'pg_cancel_backend', 'pg_terminate_backend',
        'pg_logical_emit_message', 'pg_export_snapshot'
      ))
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', signature);
  END LOOP;
END
$$;
