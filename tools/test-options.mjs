/** What `npm test` was asked to do: the command line, read and checked. */
import {parseArgs} from 'node:util';

export const VERSIONS = ['18', '17', '16', '15', '14'];

export const USAGE = `npm test                          everything: check, unit, integration on Postgres ${VERSIONS.join(', ')}, packaging
npm test -- --unit                the tests that stand beside their sources
npm test -- --integration         the integration tests on Postgres ${VERSIONS[0]}
npm test -- --version 15          the integration tests on Postgres 15 (may be given again)
npm test -- --packaging           pack, install and use the packages
npm test -- pool query.test       of those, only files whose path contains one of these`;

/**
 * @param {string[]} argv
 * @returns {{check: boolean, unit: boolean, versions: string[], packaging: boolean, patterns: string[]}}
 * @throws {Error} for what it does not know
 */
export function readTestOptions(argv) {
  const {values, positionals} = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      unit: {type: 'boolean', default: false},
      integration: {type: 'boolean', default: false},
      packaging: {type: 'boolean', default: false},
      version: {type: 'string', multiple: true, default: []},
    },
  });
  for (const version of values.version) {
    if (!VERSIONS.includes(version)) {
      throw new Error(`--version ${version}: the versions are ${VERSIONS.join(', ')}.`);
    }
  }
  const chosen = values.unit || values.integration || values.packaging || values.version.length > 0;
  const integration = values.integration && values.version.length === 0 ? VERSIONS.slice(0, 1) : [];
  return {
    check: !chosen && positionals.length === 0,
    unit: values.unit || !chosen,
    versions: chosen ? [...integration, ...values.version] : VERSIONS,
    packaging: values.packaging || !chosen,
    patterns: positionals,
  };
}
