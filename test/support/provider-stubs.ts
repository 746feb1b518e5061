/**
 * What stands in for the packages and services of cloud providers, with the part of their interface that the guide
 * uses. They refuse what the real ones refuse, so that a page that calls them wrongly fails.
 *
 * Secrets come from the file that `SECRET_FILE` names, read anew each time: a test rotates them by writing it.
 */
import type {GuideProject} from './guide-project';

const readSecret = "require('node:fs').readFileSync(process.env.SECRET_FILE, 'utf8')";

/** https://github.com/GoogleCloudPlatform/cloud-sql-nodejs-connector: gives a socket that is connecting. */
const cloudSqlConnector = {
  types: `
    import type {Duplex} from 'node:stream';
    export declare enum IpAddressTypes {PUBLIC = 'PUBLIC', PRIVATE = 'PRIVATE', PSC = 'PSC'}
    export declare enum AuthTypes {PASSWORD = 'PASSWORD', IAM = 'IAM'}
    export declare class Connector {
      getOptions(options: {
        instanceConnectionName: string; ipType?: IpAddressTypes; authType?: AuthTypes;
      }): Promise<{stream: () => Duplex; ssl?: boolean}>;
      close(): void;
    }`,
  code: `
    const {connect} = require('node:net');
    exports.IpAddressTypes = {PUBLIC: 'PUBLIC', PRIVATE: 'PRIVATE', PSC: 'PSC'};
    exports.AuthTypes = {PASSWORD: 'PASSWORD', IAM: 'IAM'};
    exports.Connector = class {
      refresh = setInterval(() => {}, 60_000);
      async getOptions({instanceConnectionName, ipType, authType}) {
        if (!/^[^:]+:[^:]+:[^:]+$/.test(instanceConnectionName)) throw new Error('no instance');
        if (!exports.IpAddressTypes[ipType] || !exports.AuthTypes[authType]) throw new Error('bad type');
        return {stream: () => connect(Number(process.env.STUB_PORT), '127.0.0.1'), ssl: false};
      }
      close() { clearInterval(this.refresh); }
    };`,
};

/** https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/modules/_aws_sdk_rds_signer.html */
const rdsSigner = {
  types: `
    export declare class Signer {
      constructor(options: {hostname: string; port: number; username: string; region?: string});
      getAuthToken(): Promise<string>;
    }`,
  code: `
    exports.Signer = class {
      constructor(options) { this.options = options; }
      async getAuthToken() {
        const {hostname, port, username} = this.options;
        if (!hostname || !Number.isInteger(port) || !username) throw new Error('nothing to sign');
        if (!process.env.AWS_REGION) throw new Error('Region is missing');
        return ${readSecret};
      }
    };`,
};

/** https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential */
const azureIdentity = {
  types: `
    export declare class DefaultAzureCredential {
      getToken(scopes: string | string[]): Promise<{token: string; expiresOnTimestamp: number}>;
    }`,
  code: `
    exports.DefaultAzureCredential = class {
      async getToken(scope) {
        if (scope !== 'https://ossrdbms-aad.database.windows.net/.default') throw new Error('scope ' + scope);
        return {token: ${readSecret}, expiresOnTimestamp: Date.now() + 3_600_000};
      }
    };`,
};

/** The Platform API of Heroku: https://devcenter.heroku.com/articles/platform-api-reference#config-vars */
const herokuApi = {
  types: 'export {};',
  code: `
    globalThis.fetch = async (url, {headers}) => {
      if (url !== 'https://api.heroku.com/apps/my-app/config-vars') throw new Error('fetched ' + url);
      if (headers.authorization !== 'Bearer my_key') return new Response('{}', {status: 401});
      if (!headers.accept.endsWith('version=3')) return new Response('{}', {status: 404});
      const DATABASE_URL = 'postgres://user:' + encodeURIComponent(${readSecret}) + '@host:5432/database';
      return Response.json({DATABASE_URL});
    };`,
};

/** To be named in NODE_OPTIONS: replaces `fetch` in the program. */
export const preloadedStub = '--require heroku-api-stub';

export function addProviderStubs(project: GuideProject): void {
  project.addPackage('@google-cloud/cloud-sql-connector', cloudSqlConnector);
  project.addPackage('@aws-sdk/rds-signer', rdsSigner);
  project.addPackage('@azure/identity', azureIdentity);
  project.addPackage('heroku-api-stub', herokuApi);
}
