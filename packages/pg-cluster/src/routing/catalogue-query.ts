/**
 * The one statement that reads the catalogue. Any role may run it, on any node; it takes some ten milliseconds.
 *
 * - `harmless`: functions of which no overload is volatile, aggregates included with the functions they are made of.
 * - `denied`: functions with a volatile overload; sequences; tables that are unlogged, temporary or foreign, with the
 *   tables above them; system views; types with a cast whose function is volatile.
 * - `code`: those of them that are written in a language of the database, in which DDL may be run.
 * - `operator`: operators of which an overload's function is volatile.
 * - `definition`: what is run when a view, a table with policies or a domain is read.
 */
export const CATALOGUE_QUERY = `
WITH RECURSIVE
volatile_function AS (
  SELECT oid FROM pg_catalog.pg_proc WHERE provolatile = 'v'
),
bad_function AS (
  SELECT p.oid, p.proname FROM pg_catalog.pg_proc p
  WHERE p.prorettype <> 'tsm_handler'::regtype AND (
    p.provolatile = 'v' OR p.prokind = 'p' OR EXISTS (
      SELECT FROM pg_catalog.pg_aggregate a JOIN volatile_function v
        ON v.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)
      WHERE a.aggfnoid = p.oid
    )
  )
),
unreplicated AS (
  SELECT oid, relname FROM pg_catalog.pg_class
  WHERE relkind IN ('S', 'f') OR relkind IN ('r', 'p', 'm', 't') AND relpersistence <> 'p'
  UNION
  SELECT c.oid, c.relname FROM unreplicated u
  JOIN pg_catalog.pg_inherits i ON i.inhrelid = u.oid
  JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
)
SELECT 'harmless' AS kind, p.proname::text AS name, NULL AS text
FROM pg_catalog.pg_proc p LEFT JOIN bad_function b ON b.oid = p.oid
GROUP BY p.proname HAVING count(b.oid) = 0
UNION ALL
SELECT DISTINCT 'denied', proname::text, NULL FROM bad_function
UNION ALL
SELECT DISTINCT 'code', p.proname::text, NULL FROM bad_function b
JOIN pg_catalog.pg_proc p ON p.oid = b.oid
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid >= 16384 AND l.lanname NOT IN ('internal', 'c')
UNION ALL
SELECT DISTINCT 'denied', relname::text, NULL FROM unreplicated
UNION ALL
SELECT 'denied', c.relname::text, NULL FROM pg_catalog.pg_class c
WHERE c.relkind = 'v' AND c.relnamespace = 'pg_catalog'::regnamespace AND c.relname NOT IN (
  'pg_tables', 'pg_views', 'pg_matviews', 'pg_indexes', 'pg_roles', 'pg_user', 'pg_group', 'pg_policies', 'pg_rules',
  'pg_publication_tables', 'pg_seclabels', 'pg_stats', 'pg_stats_ext'
)
UNION ALL
SELECT DISTINCT 'denied', t.typname::text, NULL
FROM pg_catalog.pg_cast c JOIN bad_function b ON b.oid = c.castfunc
JOIN pg_catalog.pg_type t ON t.oid IN (c.castsource, c.casttarget)
UNION ALL
SELECT DISTINCT 'denied', t.typname::text, NULL
FROM pg_catalog.pg_type t JOIN volatile_function v
  ON v.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin)
WHERE t.typtype = 'b' AND t.oid >= 16384
UNION ALL
SELECT DISTINCT 'operator', o.oprname::text, NULL
FROM pg_catalog.pg_operator o JOIN bad_function b ON b.oid = o.oprcode
UNION ALL
SELECT 'definition', c.relname::text, pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'definition', c.relname::text, 'SELECT ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid)
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
WHERE p.polqual IS NOT NULL
UNION ALL
SELECT 'definition', t.typname::text, 'SELECT ' || pg_catalog.pg_get_expr(c.conbin, 0)
FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_type t ON t.oid = c.contypid
WHERE c.contype = 'c'
`;
