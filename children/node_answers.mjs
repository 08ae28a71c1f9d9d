// A child of a Dyad parent on Node's own channel: takes the connections that the parent has accepted, answers each line
// on them in upper case, and tells the parent how many lines there were.
import { createInterface } from 'node:readline';

process.on('message', ({ id }, connection) => {
  let lines = 0;
  createInterface({ input: connection })
    .on('line', (line) => {
      lines++;
      connection.write(line.toUpperCase() + '\n');
    })
    .on('close', () => {
      connection.end();
      process.send({ id, lines });
    });
});
