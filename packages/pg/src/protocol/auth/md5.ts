/**
 * The answer to AuthenticationMD5Password. The hash is injected: this folder has no crypto of its own.
 *
 * MD5 authentication is weak: who has the stored hash can log in with it. The connection layer decides
 * whether to answer at all.
 */

/**
 * `md5` and the hash, in hexadecimal, of the hashed password and the salt, as Postgres' `pg_md5_encrypt`.
 * @param md5hex The MD5 hash of the bytes as 32 lower-case hexadecimal digits.
 */
export function md5Password(
  user: string,
  password: string,
  salt: Uint8Array,
  md5hex: (bytes: Buffer) => string,
): string {
  const stored = md5hex(Buffer.from(password + user, 'utf8'));
  return `md5${md5hex(Buffer.concat([Buffer.from(stored, 'latin1'), salt]))}`;
}
