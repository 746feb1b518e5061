/** Keeps the process alive while a program holds a connection, also one on which it only listens. */
const LONGEST_MILLISECONDS = 2_147_483_647;

export class KeepAlive {
  #timer: NodeJS.Timeout | undefined;

  hold(): void {
    this.#timer ??= setInterval(() => undefined, LONGEST_MILLISECONDS);
  }

  release(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
