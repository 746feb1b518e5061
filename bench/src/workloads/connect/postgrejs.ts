/** `postgrejs` 2.23.1: a connection, without a pool. */
import type {Answer, ConnectProgram, Options} from './program';

export async function open(): Promise<ConnectProgram> {
  const {Connection} = await import('peer-postgrejs');
  const query = async <Row>(
    {url, certificateAuthority: ca}: Options,
    text: string,
    params: readonly unknown[],
  ) => {
    const {hostname: host, port, username: user, password, pathname} = new URL(url);
    const connection = new Connection({
      host,
      port: Number(port),
      user,
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      // Without a host it does not compare the name in the certificate.
      ...(ca !== undefined && {requireSSL: true, ssl: {ca, host}}),
    });
    await connection.connect();
    try {
      return (await connection.query<Row>(text, {params, objectRows: true})).rows ?? [];
    } finally {
      await connection.close();
    }
  };
  return {
    ask: (options, id) =>
      query<Answer>(options, 'SELECT id, name FROM point_item WHERE id = $1', [id]),
    isEncrypted: async (options) => {
      const text = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
      return (await query<{ssl: boolean}>(options, text, []))[0]?.ssl === true;
    },
  };
}
