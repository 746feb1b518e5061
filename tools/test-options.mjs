/** What `npm test` was asked to do: the command line, read and checked. */
import {parseArgs} from 'node:util';

export const VERSIONS = ['18', '17', '16', '15', '14'];
/** Faults take long, and what the server does about them changed little: one old version and the newest. */
export const ADVERSITY_VERSIONS = ['18', '15'];

export const USAGE = `npm test                          everything: check, unit, integration on Postgres ${VERSIONS.join(', ')},
                                  adversity on ${ADVERSITY_VERSIONS.join(', ')}, packaging
npm test -- --unit                the tests that stand beside their sources
npm test -- --integration         the integration tests on Postgres ${VERSIONS[0]}
npm test -- --adversity           the tests with faults on Postgres ${ADVERSITY_VERSIONS[0]}
npm test -- --version 15          the integration tests (or those with faults) on Postgres 15 (may be given again)
npm test -- --packaging           pack, install and use the packages
npm test -- pool query.test       of those, only files whose path contains one of these`;

/**
 * @param {string[]} argv
 * @returns {{check: boolean, unit: boolean, versions: string[], adversityVersions: string[], packaging: boolean,
 *   patterns: string[]}}
 * @throws {Error} for what it does not know
 */
export function readTestOptions(argv) {
  const {values, positionals} = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      unit: {type: 'boolean', default: false},
      integration: {type: 'boolean', default: false},
      adversity: {type: 'boolean', default: false},
      packaging: {type: 'boolean', default: false},
      version: {type: 'string', multiple: true, default: []},
    },
  });
  for (const version of values.version) {
    if (!VERSIONS.includes(version)) {
      throw new Error(`--version ${version}: the versions are ${VERSIONS.join(', ')}.`);
    }
  }
  const given = values.version;
  const chosen =
    values.unit || values.integration || values.adversity || values.packaging || given.length > 0;
  /** The versions of a stage that was asked for, or that a version alone asks for. */
  const versionsOf = (asked, all) => {
    if (!chosen) return all;
    if (!asked) return [];
    return given.length > 0 ? given : all.slice(0, 1);
  };
  return {
    check: !chosen && positionals.length === 0,
    unit: values.unit || !chosen,
    versions: versionsOf(values.integration || (given.length > 0 && !values.adversity), VERSIONS),
    adversityVersions: versionsOf(values.adversity, ADVERSITY_VERSIONS),
    packaging: values.packaging || !chosen,
    patterns: positionals,
  };
}
