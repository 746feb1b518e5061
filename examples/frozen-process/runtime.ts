/** Stands for the platform's part of the process: gets requests, calls the handler, sends what it gives. */
import {handler} from './handler';

process.on('message', (page: string) => {
  handler(page).then(
    (answer) => process.send?.({answer}),
    (error: unknown) => process.send?.({error: String(error)}),
  );
});
process.on('disconnect', () => process.exit());
