/** What the codes of Node's network and TLS errors mean for somebody who wants to reach a database. */
import type {HostContext} from './host-context';

export interface Diagnosis {
  readonly summary: string;
  readonly advice: readonly string[];
}

export function networkDiagnosis(
  code: string | undefined,
  context: HostContext,
): Diagnosis | undefined {
  const {host, port, source, isSocket} = context;
  switch (code) {
    case 'ECONNREFUSED':
      return {
        summary: 'nothing listens there',
        advice: [
          isSocket
            ? 'the socket is there and no server behind it: start Postgres'
            : `start Postgres, or check host and port (host from ${source('host')}, port from ${source('port')})`,
          'Postgres in a container: its port has to be published; from another container, use the name of its service in place of localhost',
          'Postgres on another machine: listen_addresses in postgresql.conf has to include its network address',
        ],
      };
    case 'ENOENT':
    case 'EACCES':
      return {
        summary: code === 'ENOENT' ? 'there is no such socket' : 'the socket may not be opened',
        advice: [
          "check the directory (the server's unix_socket_directories), the port and its permissions",
        ],
      };
    case 'ENOTFOUND':
      return {
        summary: `the name "${host}" is not known`,
        advice: [
          `the host came from ${source('host')}: check it there for typing errors`,
          'names of containers and private networks are known only inside them',
        ],
      };
    case 'EAI_AGAIN':
      return {
        summary: 'the name server does not answer',
        advice: ['check the network of this machine and its name server (/etc/resolv.conf)'],
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        summary: 'the network does not lead there',
        advice: [`check the route, the VPN and the firewall of ${host} for TCP port ${port}`],
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        summary: 'the server hung up',
        advice: [
          `check that port ${port} is that of Postgres itself; if so, the server's log says why`,
        ],
      };
    default:
      return code === undefined ? undefined : certificateDiagnosis(code, context);
  }
}

/** Why a certificate is not trusted, by the code of OpenSSL or Node. */
function certificateDiagnosis(code: string, {host}: HostContext): Diagnosis | undefined {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return {
        summary: "the server's certificate has expired",
        advice: [
          'renew it on the server (ssl_cert_file) and reload; it is not the client that has to change',
          'if its dates look fine, check the clock of this machine',
        ],
      };
    case 'CERT_NOT_YET_VALID':
      return {
        summary: "the server's certificate is not valid yet",
        advice: ['check the clocks of both machines'],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        summary: `the server's certificate is for another host than "${host}"`,
        advice: [
          'connect by a name that is in the certificate, or have one issued for this name',
          'sslmode=verify-ca checks no name, where the authority is your own',
        ],
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        summary: "the server's certificate is not signed by an authority that is trusted here",
        advice: [
          'name the authority that signed it with sslrootcert=/path/to/ca.pem (hosted databases offer it for download)',
        ],
      };
    case 'CERT_REVOKED':
      return {summary: "the server's certificate is revoked", advice: ['renew it on the server']};
    default:
      if (!/^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return undefined;
      return {
        summary: 'the TLS handshake failed',
        advice: [
          'the server may want a client certificate (sslcert, sslkey) or other TLS versions (ssl_min_protocol_version)',
        ],
      };
  }
}
