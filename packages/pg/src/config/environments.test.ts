/** What comes of options, DATABASE_URL, PG* variables, service files and password files together. */
import {suite} from 'node:test';
import {checkRow} from './table.test.fixture';
import type {Row} from './table.test.fixture';

const home = '/home/me';
const service = {
  [`${home}/.pg_service.conf`]: '[svc]\nhost=sh\nport=7\nuser=su\npassword=sp\ndbname=sd\n',
};
const hostless = {[`${home}/.pg_service.conf`]: '[svc]\nuser=su\npassword=sp\n'};
const pgpass = {[`${home}/.pgpass`]: 'h:5432:d:u:right\n*:*:*:*:any\n'};
const env = {
  url: {DATABASE_URL: 'postgres://u:p@h:6/d'},
  pg: {PGHOST: 'ph', PGPORT: '8', PGUSER: 'pu', PGPASSWORD: 'pp', PGDATABASE: 'pd'},
  service: {PGSERVICE: 'svc'},
};

const rows: readonly Row[] = [
  {expected: /Set the environment variable DATABASE_URL/},
  {input: '', expected: /Nothing says which database/},
  {input: {}, expected: 'me@localhost:5432/me prefer'},
  {machine: {env: env.url}, expected: 'u:p@h:6/d prefer'},
  {machine: {env: env.pg}, expected: 'pu:pp@ph:8/pd prefer'},
  {machine: {env: {...env.url, ...env.pg}}, expected: 'u:p@h:6/d prefer'},
  {machine: {env: {DATABASE_URL: 'postgres://h', ...env.pg}}, expected: /PGPASSWORD does not name/},
  {machine: {env: {DATABASE_URL: 'postgres:///d2', ...env.pg}}, expected: 'pu:pp@ph:8/d2 prefer'},
  {
    input: {connectionString: false},
    machine: {env: env.url},
    expected: 'me@localhost:5432/me prefer',
  },
  {input: {connectionString: false}, machine: {env: env.pg}, expected: 'pu:pp@ph:8/pd prefer'},
  {input: {database: 'x'}, machine: {env: env.url}, expected: 'u:p@h:6/x prefer'},
  {input: {port: 9}, machine: {env: env.url}, expected: 'u:p@h:9/d prefer'},
  {input: {host: 'x'}, machine: {env: env.url}, expected: /DATABASE_URL does not name/},
  {input: {host: 'x', user: 'a'}, machine: {env: env.url}, expected: /password would come from/},
  {
    input: {host: 'x', user: 'a', password: 'b'},
    machine: {env: env.url},
    expected: 'a:b@x:5432/d prefer',
  },
  {input: {host: 'x'}, machine: {env: env.pg}, expected: /PGPASSWORD does not name/},
  {input: {host: 'PH'}, machine: {env: env.pg}, expected: 'pu:pp@PH:8/pd prefer'},
  {input: {host: 'x', password: 'b'}, machine: {env: env.pg}, expected: 'pu:b@x:8/pd prefer'},
  {machine: {env: env.service, files: service}, expected: 'su:sp@sh:7/sd prefer'},
  {machine: {env: {...env.service, ...env.pg}, files: service}, expected: 'su:sp@sh:7/sd prefer'},
  {machine: {env: {...env.service, ...env.pg}, files: hostless}, expected: 'su:sp@ph:8/pd prefer'},
  {input: 'service=svc', machine: {env: env.pg, files: service}, expected: 'su:sp@sh:7/sd prefer'},
  {input: 'service=svc host=sh', machine: {files: service}, expected: 'su:sp@sh:7/sd prefer'},
  {
    input: 'service=svc host=x',
    machine: {files: service},
    expected: /user and password would come/,
  },
  {input: 'service=svc host=x', machine: {files: hostless}, expected: 'su:sp@x:5432/su prefer'},
  {input: 'service=svc dbname=x', machine: {files: service}, expected: 'su:sp@sh:7/x prefer'},
  {
    input: 'service=svc',
    machine: {env: {PGSERVICEFILE: '/s'}, files: {'/s': '[svc]\nhost=q\n'}},
    expected: 'me@q:5432/me prefer',
  },
  {
    input: 'service=svc',
    machine: {env: {PGSERVICEFILE: '/no'}, files: service},
    expected: /Looked in \/no\./,
  },
  {
    input: 'service=svc',
    machine: {env: {PGSYSCONFDIR: '/etc'}, files: {'/etc/pg_service.conf': '[svc]\nhost=q\n'}},
    expected: 'me@q:5432/me prefer',
  },
  {input: 'postgres://u@h/d', machine: {files: pgpass}, expected: 'u:right@h:5432/d prefer'},
  {input: 'postgres://u@h:1/d', machine: {files: pgpass}, expected: 'u:any@h:1/d prefer'},
  {
    input: 'postgres://u@h/d',
    machine: {files: pgpass, modes: {[`${home}/.pgpass`]: 0o644}},
    expected: 'u@h:5432/d prefer',
  },
  {
    input: 'postgres://u@h/d',
    machine: {files: pgpass, env: {PGPASSWORD: 'pp'}},
    expected: 'u:pp@h:5432/d prefer',
  },
  {
    input: 'postgres://u@h/d',
    machine: {files: {'/p': '*:*:*:*:x'}, env: {PGPASSFILE: '/p'}},
    expected: 'u:x@h:5432/d prefer',
  },
  {
    input: 'postgres://u@h/d?passfile=/none',
    machine: {files: pgpass},
    expected: 'u@h:5432/d prefer',
  },
  {input: {}, machine: {env: {PGHOST: 'a,b', PGPORT: '1,2'}}, expected: 'me@a:1,b:2/me prefer'},
  {
    input: {},
    machine: {env: {PGHOST: 'a,b', PGPORT: '1,2,3'}},
    expected: /^PGPORT: 3 ports for 2 hosts \(from PGHOST\)/,
  },
  {
    input: {},
    machine: {env: {PGHOST: 'a', PGHOSTADDR: '10.0.0.1'}},
    expected: 'me@a(10.0.0.1):5432/me prefer',
  },
  {
    input: 'postgres://b',
    machine: {env: {PGHOSTADDR: '10.0.0.1'}},
    expected: /^PGHOSTADDR: .*to another address/,
  },
  {input: 'postgres://b', machine: {env: {PGPORT: '7'}}, expected: 'me@b:7/me prefer'},
  {input: {}, machine: {env: {PGPORT: 'x'}}, expected: /^PGPORT/},
  {input: {}, machine: {env: {PGSSLMODE: 'require'}}, expected: 'me@localhost:5432/me require'},
  {input: {}, machine: {env: {PGSSLMODE: ''}}, expected: /^PGSSLMODE.*empty/},
  {input: {}, machine: {env: {PGREQUIRESSL: '1'}}, expected: 'me@localhost:5432/me require'},
  {
    input: {},
    machine: {env: {PGREQUIRESSL: '1', PGSSLMODE: 'disable'}},
    expected: 'me@localhost:5432/me disable',
  },
  {
    input: {ssl: false},
    machine: {env: {PGSSLMODE: 'require'}},
    expected: 'me@localhost:5432/me disable',
  },
  {
    input: {ssl: true},
    machine: {env: {PGSSLMODE: 'verify-full'}},
    expected: 'me@localhost:5432/me verify-full',
  },
  {
    input: {ssl: {}},
    machine: {env: {PGSSLMODE: 'disable'}},
    expected: 'me@localhost:5432/me verify-full',
  },
  {
    input: {},
    machine: {env: {PGSSLMODE: 'require'}, files: {[`${home}/.postgresql/root.crt`]: 'CA'}},
    expected: 'me@localhost:5432/me verify-ca',
  },
  {
    input: {},
    machine: {env: {PGSSLROOTCERT: 'system'}},
    expected: 'me@localhost:5432/me verify-full',
  },
  {
    input: {},
    machine: {env: {PGSSLROOTCERT: '/no'}},
    expected: /^PGSSLROOTCERT: sslrootcert: there is no readable/,
  },
  {input: {}, machine: {env: {PGSSLNEGOTIATION: 'direct'}}, expected: /^PGSSLNEGOTIATION/},
  {
    input: {},
    machine: {env: {PGCHANNELBINDING: 'require', PGSSLMODE: 'disable'}},
    expected: /^PGCHANNELBINDING.*needs TLS/,
  },
  {
    input: {},
    machine: {env: {PGREQUIREAUTH: '!password'}},
    expected: 'me@localhost:5432/me prefer',
  },
  {input: {}, machine: {env: {PGREQUIREAUTH: 'password,!md5'}}, expected: /^PGREQUIREAUTH.*mixes/},
  {input: {}, machine: {env: {PGCLIENTENCODING: 'utf-8'}}, expected: 'me@localhost:5432/me prefer'},
  {input: {}, machine: {env: {PGCLIENTENCODING: 'EUC_JP'}}, expected: /^PGCLIENTENCODING/},
  {
    input: {},
    machine: {env: {PGOPTIONS: '-c geqo=off'}},
    expected: 'me@localhost:5432/me prefer',
    fields: {options: '-c geqo=off'},
  },
  {
    input: {},
    machine: {env: {PGTZ: 'UTC', PGDATESTYLE: 'ISO, DMY'}},
    expected: 'me@localhost:5432/me prefer',
    fields: {sessionParameters: {timezone: 'UTC', DateStyle: 'ISO, DMY'}},
  },
  {
    input: {},
    machine: {env: {PGGSSENCMODE: 'require'}},
    expected: /^PGGSSENCMODE: gssencmode cannot/,
  },
  {input: {}, machine: {env: {PGREQUIREPEER: 'x'}}, expected: /^PGREQUIREPEER/},
  {
    input: {},
    machine: {env: {PGKRBSRVNAME: 'x'}},
    expected: 'me@localhost:5432/me prefer',
    fields: {warnings: ['PGKRBSRVNAME is ignored: this client does not speak GSSAPI.']},
  },
  {input: {user: 'x\0y'}, expected: /zero character/},
  {input: {host: ['a', 'b'], port: [1, null]}, expected: 'me@a:1,b:5432/me prefer'},
  {input: {host: 'a', port: [1, 2]}, expected: /2 ports for 1 host/},
  {
    machine: {
      env: {X: 'postgres://x', DATABASE_URL: 'postgres://y'},
      files: {'/a/.pgrc': '{"connectionStringEnvironmentVariable":"X"}'},
      cwd: '/a/b',
    },
    expected: 'me@x:5432/me prefer',
  },
  {machine: {username: ''}, input: {}, expected: /Set PGUSER or pass user/},
  {machine: {username: '', env: {PGUSER: 'x'}}, input: {}, expected: 'x@localhost:5432/x prefer'},
];

suite('strings, options, environments and files', () => {
  for (const row of rows) checkRow(row);
});
