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
