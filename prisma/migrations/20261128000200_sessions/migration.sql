-- A session whose sign-in is not newer than this is over, whatever its cookie says. Null: none was ended yet.
ALTER TABLE "app_user" ADD COLUMN "sessions_valid_after" TIMESTAMPTZ(3);
ALTER TABLE "tenant" ADD COLUMN "sessions_valid_after" TIMESTAMPTZ(3);
COMMENT ON COLUMN "app_user"."sessions_valid_after" IS 'Sessions of this person that began no later are over.';
COMMENT ON COLUMN "tenant"."sessions_valid_after" IS 'Sessions in this tenant that began no later are over.';

-- Triggers, so that whoever changes a row ends the sessions, too: the portal, an operator's command or plain SQL.
CREATE FUNCTION "end_sessions"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.sessions_valid_after := greatest(clock_timestamp(), OLD.sessions_valid_after);
  RETURN NEW;
END
$$;
CREATE TRIGGER "app_user_change_ends_sessions" BEFORE UPDATE ON "app_user" FOR EACH ROW
  WHEN (
    (OLD.tenant_id, OLD.roles) IS DISTINCT FROM (NEW.tenant_id, NEW.roles)
    OR (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
  )
  EXECUTE FUNCTION "end_sessions"();
CREATE TRIGGER "tenant_suspension_ends_sessions" BEFORE UPDATE ON "tenant" FOR EACH ROW
  WHEN (OLD.state <> 'suspended' AND NEW.state = 'suspended')
  EXECUTE FUNCTION "end_sessions"();
