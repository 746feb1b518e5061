/** `pg.defaults`: what programs change for the whole process. Where to connect is found as @databases/pg finds it. */
export const defaults = {
  /** Dates are sent as UTC instead of as local time with its offset. */
  parseInputDatesAsUTC: false,
  max: 10,
  idleTimeoutMillis: 10_000,
};
