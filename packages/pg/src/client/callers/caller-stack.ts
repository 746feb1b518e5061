const turn = Promise.resolve();

/**
 * Gives an error that arose in a socket callback the stack of the code that awaits it.
 *
 * V8 follows the promise that is being settled to the async functions that await it, and writes their
 * lines into a stack captured in that moment. So nothing is captured per query, only per failure.
 * It takes two turns of the microtask queue until the caller's promise follows this one.
 */
export async function failWithCallerStack(error: Error): Promise<never> {
  await turn;
  await turn;
  Error.captureStackTrace(error, failWithCallerStack);
  throw error;
}

/**
 * The same error for one of several callers that one failure concerns, such as a refused connect that all of
 * them waited for. Each gets a stack of its own then.
 */
export function errorOfCaller(error: Error): Error {
  const own = new Error(
    error.message,
    error.cause === undefined ? undefined : {cause: error.cause},
  );
  Object.setPrototypeOf(own, Object.getPrototypeOf(error));
  return Object.assign(own, error);
}
