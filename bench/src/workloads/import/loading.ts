/** What a process of `import` reports, and the check of it. */
export interface Loading {
  readonly wallMilliseconds: number;
  /** All threads, user and system. */
  readonly cpuMilliseconds: number;
}

export function isLoading(value: unknown): value is Loading {
  return (
    typeof value === 'object' &&
    value !== null &&
    'wallMilliseconds' in value &&
    Number.isFinite(value.wallMilliseconds) &&
    'cpuMilliseconds' in value &&
    Number.isFinite(value.cpuMilliseconds)
  );
}
