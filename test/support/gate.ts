/** A point in time that one part of a test waits for and another brings about. */
export interface Gate extends Disposable {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  const ends: (() => void)[] = [];
  const opened = new Promise<void>((resolve) => {
    // Idle connections do not keep the process alive, so something else has to while a test waits.
    const alive = setInterval(() => undefined, 60_000);
    ends.push(resolve, () => clearInterval(alive));
  });
  const open = () => {
    for (const end of ends) end();
  };
  return {opened, open, [Symbol.dispose]: open};
}
