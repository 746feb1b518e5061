import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {connect as connectTls} from 'node:tls';
import {startServer} from './start-server';

/** A self-signed certificate for 127.0.0.1; `undefined` on a machine without openssl. */
function makeCertificate(): {certificate: string; key: string} | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'pg-test-tls-'));
  const [certificate, key] = [path.join(folder, 'crt'), path.join(folder, 'key')];
  try {
    const request =
      'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
    execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    return {certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8')};
  } catch {
    return undefined;
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const tls = makeCertificate();

test(
  'a server with a certificate speaks TLS and proves to be who it is',
  {skip: tls ? false : 'no openssl here'},
  async () => {
    assert.ok(tls);
    await using server = await startServer({tls, settings: {ssl_min_protocol_version: 'TLSv1.3'}});
    const socket = connect(server.port, server.host);
    socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])); // SSLRequest
    const [reply]: Buffer[] = await once(socket, 'data');
    assert.equal(reply?.toString(), 'S');
    const secure = connectTls({socket, ca: tls.certificate, host: server.host});
    await once(secure, 'secureConnect');
    assert.equal(secure.authorized, true);
    assert.equal(secure.getProtocol(), 'TLSv1.3');
    secure.destroy();
  },
);
