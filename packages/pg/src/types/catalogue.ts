/**
 * What the registry asks a server about types that are not built in: enums, domains, composites, ranges, types
 * of extensions, and arrays of them. One round trip, whatever the depth.
 */

/** A row of pg_type. */
export interface CatalogueType {
  oid: number;
  name: string;
  schema: string;
  /** typtype: b base, c composite, d domain, e enum, m multirange, p pseudo, r range. */
  kind: string;
  /** typcategory. */
  category: string;
  /** typelem of a true array, else 0: point and name have elements too, and are not arrays. */
  elementOid: number;
  /** Between the elements of such an array. */
  delimiter: string;
  /** typbasetype of a domain, else 0. */
  baseOid: number;
}

/**
 * Takes one parameter, an oid[]; gives a CatalogueType for each of those types, their elements and their bases.
 * The delimiter is the element's, not the array's (catalogue pg_type, typdelim).
 */
export const CATALOGUE_QUERY = `
WITH RECURSIVE wanted (oid) AS (
  SELECT pg_catalog.unnest($1::pg_catalog.oid[])
  UNION
  SELECT related.oid
  FROM wanted
  JOIN pg_catalog.pg_type type ON type.oid = wanted.oid
  CROSS JOIN LATERAL (VALUES (type.typelem), (type.typbasetype)) related (oid)
  WHERE related.oid <> 0
)
SELECT
  type.oid AS oid,
  type.typname::pg_catalog.text AS name,
  namespace.nspname::pg_catalog.text AS schema,
  type.typtype::pg_catalog.text AS kind,
  type.typcategory::pg_catalog.text AS category,
  coalesce(element.oid, 0::pg_catalog.oid) AS "elementOid",
  coalesce(element.typdelim, type.typdelim)::pg_catalog.text AS delimiter,
  type.typbasetype AS "baseOid"
FROM wanted
JOIN pg_catalog.pg_type type ON type.oid = wanted.oid
JOIN pg_catalog.pg_namespace namespace ON namespace.oid = type.typnamespace
LEFT JOIN pg_catalog.pg_type element ON element.oid = type.typelem AND element.typarray = type.oid
ORDER BY type.oid`.trim();
