/**
 * The value an `interval` is read as: the same fields and methods as the object of the `postgres-interval`
 * package, which programs written for the original know. A field that is zero is absent.
 */

export interface IntervalFields {
  years?: number;
  months?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  /** May have a fraction: Postgres counts microseconds. */
  milliseconds?: number;
}

const FIELDS = ['years', 'months', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;

/** An interval of Postgres: months, days and time do not convert into one another, so each keeps its sign. */
export class PostgresInterval implements IntervalFields {
  // `declare`: a field that is not set must not exist, as deepEqual and JSON show.
  declare years?: number;
  declare months?: number;
  declare days?: number;
  declare hours?: number;
  declare minutes?: number;
  declare seconds?: number;
  declare milliseconds?: number;

  constructor(fields: IntervalFields = {}) {
    for (const field of FIELDS) {
      const value = fields[field];
      if (value !== undefined && value !== 0) this[field] = value;
    }
  }

  /** The text that Postgres reads as this interval; also how it is sent as a parameter. */
  toPostgres(): string {
    const parts: string[] = [];
    const seconds = this.#seconds();
    if (seconds !== '0') parts.push(`${seconds} seconds`);
    for (const field of ['minutes', 'hours', 'days', 'months', 'years'] as const) {
      const value = this[field];
      if (value === undefined || value === 0) continue;
      // In IntervalStyle sql_standard a sign at the beginning holds for everything after it, unless another
      // sign is written (DecodeInterval in utils/adt/datetime.c).
      const plus = value > 0 && parts[0]?.startsWith('-') === true ? '+' : '';
      parts.push(`${plus}${value} ${field}`);
    }
    return parts.length === 0 ? '0' : parts.join(' ');
  }

  /** ISO 8601 with every designator, for example `P0Y0M3DT4H5M6.7S`. */
  toISOString(): string {
    const {years = 0, months = 0, days = 0, hours = 0, minutes = 0} = this;
    return `P${years}Y${months}M${days}DT${hours}H${minutes}M${this.#seconds()}S`;
  }

  toISO(): string {
    return this.toISOString();
  }

  #seconds(): string {
    const {seconds = 0, milliseconds = 0} = this;
    if (milliseconds === 0) return String(seconds);
    return (seconds + milliseconds / 1000).toFixed(6).replace(/\.?0+$/, '');
  }
}
