// A worker of a Dyad parent that answers several requests at once, with dyad.mjs: most of them with their text in upper
// case, and some as their first word says.
import { setTimeout } from 'node:timers/promises';
import { serve } from './dyad.mjs';

await serve(async (request) => {
  const text = request.body.toString();
  const [word, number] = text.split(' ');
  switch (word) {
    case 'fail':
      throw new Error('no answer to this');
    case 'wait': // until the parent does not need the answer any more
      await setTimeout(1_000_000_000, null, { signal: request.signal });
      break;
    case 'count': // an answer in parts
      for (let i = 0; i < Number(number); i++) await request.part(String(i));
      break;
    case 'left':
      return String(request.secondsLeft());
  }
  return text.toUpperCase();
});
