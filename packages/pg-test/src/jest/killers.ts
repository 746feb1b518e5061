/** What globalSetup started and globalTeardown has to end. */
export const killers: (() => Promise<void>)[] = [];
