"""The access log becomes a table partitioned by month; what was in it stays.

The application may add rows and read them, and owns nothing. What has to be done to the table itself from time to time,
making the months ahead and dropping what is older than five years, is done by functions that run with the rights of the
owner. They take no arguments and do the same whoever calls them and however often, so that calling them is no right
that anybody could misuse.
"""

import mantelzorg.ids
import trail.models
from django.db import migrations, models

PARTITIONED = """
ALTER TABLE trail_accesslogentry RENAME TO trail_accesslogentry_before;
ALTER TABLE trail_accesslogentry_before DISABLE ROW LEVEL SECURITY;
ALTER TABLE trail_accesslogentry_before RENAME CONSTRAINT trail_accesslogentry_pkey TO trail_accesslogentry_before_pkey;
ALTER SEQUENCE trail_accesslogentry_id_seq RENAME TO trail_accesslogentry_before_id_seq;
ALTER INDEX log_by_organisation RENAME TO log_before_by_organisation;
ALTER INDEX log_by_subject RENAME TO log_before_by_subject;

CREATE SEQUENCE trail_accesslogentry_id_seq;

CREATE FUNCTION trail_next_log_id() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT nextval('public.trail_accesslogentry_id_seq'::regclass) $$;

CREATE TABLE trail_accesslogentry (
    id bigint NOT NULL DEFAULT trail_next_log_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    event varchar(40) NOT NULL,
    action varchar(1) NOT NULL,
    outcome varchar(10) NOT NULL,
    request_id uuid,
    user_id uuid,
    on_behalf_of uuid,
    role varchar(100) NOT NULL,
    organisation_id uuid,
    purpose varchar(200) NOT NULL,
    ip inet,
    session_hash varchar(64) NOT NULL,
    object_type varchar(60) NOT NULL,
    object_id varchar(60) NOT NULL,
    subject_id uuid,
    fields varchar(60)[] NOT NULL,
    filters varchar(60)[] NOT NULL,
    hit_count integer CHECK (hit_count >= 0),
    policy_version varchar(20) NOT NULL,
    relation varchar(20) NOT NULL,
    consent_id uuid,
    CONSTRAINT trail_accesslogentry_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

CREATE INDEX log_by_organisation ON trail_accesslogentry (organisation_id, at DESC);
CREATE INDEX log_by_subject ON trail_accesslogentry (subject_id, at DESC);
ALTER SEQUENCE trail_accesslogentry_id_seq OWNED BY trail_accesslogentry.id;

-- So that no row can ever fail for want of a month.
CREATE TABLE trail_accesslogentry_default PARTITION OF trail_accesslogentry DEFAULT;

CREATE FUNCTION trail_make_log_month(month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    part text := 'trail_accesslogentry_' || to_char(month, 'YYYY_MM');
    first_moment timestamptz := date_trunc('month', month::timestamptz);
    last_moment timestamptz := date_trunc('month', month::timestamptz) + interval '1 month';
    reader record;
BEGIN
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.trail_accesslogentry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    -- whoever reads all parts, for the backup, reads this one too
    FOR reader IN
        SELECT r.rolname FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
         WHERE c.oid = 'public.trail_accesslogentry_default'::regclass
           AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('GRANT SELECT ON public.%I TO %I', part, reader.rolname);
    END LOOP;
    -- rows that came before their month did
    LOCK TABLE public.trail_accesslogentry_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
        'WITH moved AS (DELETE FROM public.trail_accesslogentry_default WHERE at >= %L AND at < %L RETURNING *) '
        'INSERT INTO public.%I SELECT * FROM moved', first_moment, last_moment, part);
    EXECUTE format(
        'ALTER TABLE public.trail_accesslogentry ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        part, first_moment, last_moment);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION trail_make_log_month(date) FROM PUBLIC;

-- This month and the three that come. Returns how many were made.
CREATE FUNCTION trail_make_log_months() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('trail_accesslogentry'));
    FOR ahead IN 0..3 LOOP
        IF public.trail_make_log_month((date_trunc('month', now()) + make_interval(months => ahead))::date) THEN
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

-- Months that are wholly more than five years ago, and who reviewed them. Returns how many months went.
CREATE FUNCTION trail_drop_old_log() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    oldest timestamptz := date_trunc('month', now() - interval '5 years');
    part record;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('trail_accesslogentry'));
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'public.trail_accesslogentry'::regclass
           AND c.relname ~ '^trail_accesslogentry_[0-9]{4}_[0-9]{2}$'
           AND to_timestamp(right(c.relname, 7), 'YYYY_MM') < oldest
    LOOP
        EXECUTE format('DROP TABLE public.%I', part.relname);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM public.trail_accesslogentry_default WHERE at < oldest;
    DELETE FROM public.trail_logreview WHERE at < oldest;
    RETURN dropped;
END $$;

SELECT trail_make_log_month(month::date)
  FROM generate_series(
       (SELECT date_trunc('month', min(at) AT TIME ZONE 'UTC') FROM trail_accesslogentry_before),
       (SELECT date_trunc('month', max(at) AT TIME ZONE 'UTC') FROM trail_accesslogentry_before),
       interval '1 month') AS month;
SELECT trail_make_log_months();

INSERT INTO trail_accesslogentry (
    id, at, event, action, outcome, request_id, user_id, on_behalf_of, role, organisation_id, purpose, ip, session_hash,
    object_type, object_id, subject_id, fields, filters, hit_count, policy_version, relation, consent_id
)
SELECT
    id, at, event, action, outcome, request_id, user_id, on_behalf_of, role, organisation_id, purpose, ip, session_hash,
    object_type, object_id, subject_id, fields, filters, hit_count, policy_version, relation, consent_id
FROM trail_accesslogentry_before;
SELECT setval('trail_accesslogentry_id_seq', coalesce((SELECT max(id) FROM trail_accesslogentry_before), 0) + 1, false);
DROP TABLE trail_accesslogentry_before;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogReview",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("organisation_id", models.UUIDField()),
                ("week", models.DateField()),
                ("user_id", models.UUIDField(verbose_name="wie het nakeek")),
                ("own_looks", models.PositiveIntegerField()),
                ("remark", models.CharField(max_length=500, verbose_name="opmerking")),
                ("at", models.DateTimeField(db_default=trail.models.ClockTimestamp())),
            ],
            options={
                "verbose_name": "nagekeken week van het logboek",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "week", "user_id"), name="who_reviewed_signs_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("week__iso_week_day", 1)), name="a_week_is_named_by_its_monday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remark", ""), _negated=True), name="who_reviewed_says_something"
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTITIONED)],
            state_operations=[
                migrations.AlterField(
                    model_name="accesslogentry",
                    name="purpose",
                    field=models.CharField(blank=True, max_length=200, verbose_name="waarom"),
                ),
            ],
        ),
    ]
