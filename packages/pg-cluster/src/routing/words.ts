/**
 * The words of the rule, as sets. All are unquoted keywords in lower case.
 *
 * A keyword stands here only if it is safe although a function may have its name: a volatile function of that name is
 * in the catalogue's denied names, which are looked at first.
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** What a statement that can only read begins with; COPY, EXPLAIN and SHOW have rules of their own. */
export const READING_STARTS = words('select with values table');

/** Statements that EXPLAIN plans without running them. */
export const PLANNED_STARTS = words('select with values table insert update delete merge');

/** Unquoted and no label, each of these writes. */
export const WRITING = words('insert update delete merge into');

/** Behind FOR, in front of what is locked. */
export const ROW_LOCKS = words('update no share key');

/** Words in front of a parenthesis that is not the beginning of a call's arguments. */
export const BEFORE_PARENTHESIS = words(`
  copy select from where and or not in on using as any all some exists array union except intersect distinct values row
  case when then else by having limit offset over filter group lateral only join with recursive materialized
  sets cube rollup window partition order rows range groups between symmetric asymmetric like ilike escape similar to
  is zone returning table system bernoulli repeatable first next within passing columns nested path
  coalesce greatest least nullif extract overlay position substring trim treat cast grouping normalize collation
  xmlelement xmlforest xmlconcat xmlpi xmlroot xmlserialize xmlattributes xmlexists xmltable xmlparse xmlnamespaces
  json_object json_array json_scalar json_serialize json_query json_value json_exists json_table json_objectagg
  json_arrayagg json
  int integer smallint bigint real float double decimal dec numeric boolean bit varying character char varchar nchar
  national time timestamp interval precision operator explain
`);

/** SHOW of these is the same on all nodes of one version. */
export const SHOWN_EVERYWHERE = words('server_version server_version_num server_encoding');

/** Volatile by declaration only: they give another value each time, or wait, or look at files that are replicated. */
export const VETTED_FUNCTIONS = words(`
  random random_normal gen_random_uuid gen_random_bytes gen_salt uuidv4 uuidv7 clock_timestamp timeofday
  pg_sleep pg_sleep_for pg_sleep_until uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
  pg_relation_size pg_table_size pg_total_relation_size pg_indexes_size pg_database_size pg_tablespace_size
  pg_xact_commit_timestamp lo_get pg_column_size pg_relation_filenode pg_relation_filepath
  pg_partition_tree pg_partition_ancestors
`);

/** Not volatile by declaration, but what they say belongs to one session, one transaction or one node. */
const OF_ONE_NODE = words(`
  current_setting currval lastval txid_current txid_current_snapshot txid_current_if_assigned
  pg_current_xact_id pg_current_xact_id_if_assigned pg_current_snapshot pg_backend_pid pg_my_temp_schema
  pg_is_other_temp_schema pg_postmaster_start_time pg_conf_load_time pg_is_in_recovery pg_is_in_backup
  pg_listening_channels pg_notification_queue_usage pg_trigger_depth pg_blocking_pids pg_safe_snapshot_blocking_pids
  pg_export_snapshot pg_jit_available pg_current_logfile pg_show_all_settings pg_show_all_file_settings
  pg_hba_file_rules pg_ident_file_mappings pg_config pg_settings pg_file_settings pg_locks pg_lock_status
  pg_prepared_statements pg_prepared_statement pg_prepared_xacts pg_prepared_xact pg_cursors pg_cursor
  pg_shmem_allocations pg_shmem_allocations_numa pg_get_shmem_allocations pg_backend_memory_contexts
  pg_available_extensions pg_available_extension_versions pg_timezone_names pg_aios pg_get_aios
  pg_replication_slots pg_subscription_rel pg_publication_lag pg_wait_events pg_sequences pg_sequence_last_value
  pg_sequence_parameters pg_safe_snapshot pg_read_file pg_read_binary_file pg_stat_file pg_tablespace_location
  pg_collation_actual_version pg_database_collation_actual_version pg_system_identifier
  query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema table_to_xml
  table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema
  database_to_xml database_to_xmlschema database_to_xml_and_xmlschema ts_stat ts_rewrite
  crosstab crosstab2 crosstab3 crosstab4 connectby xpath_table in_hot_standby
`);

const NODE_PREFIXES = [
  'pg_stat_',
  'pg_statio_',
  'pg_stats_',
  'inet_client',
  'inet_server',
  'pg_ls_',
  'pg_control_',
  'pg_last_',
  'pg_wal',
  'pg_get_wal',
  'pg_get_replication',
  'pg_replication_origin',
  'pg_logical_',
  'pg_current_wal',
  'pg_advisory_',
  'pg_try_advisory_',
  'dblink',
];

/** Whether the name says that its answer belongs to one node or session, whatever the catalogue declares. */
export function belongsToOneNode(name: string): boolean {
  return OF_ONE_NODE.has(name) || NODE_PREFIXES.some((prefix) => name.startsWith(prefix));
}
