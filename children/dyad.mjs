// The worker's side of Dyad's numbered requests: several at once, each with a time limit, cancelled, answered in parts.
//
// A file to copy next to a worker, which needs nothing else: `numbered.mjs` is one.
//
// A message is its length in four bytes, then this head of 16, big-endian, and a body.
//
//     kind u8 | 0 u8 | 0 u16 | milliseconds left u32, 0 without a limit and in all but a REQUEST | number u64
//
//     from the parent: REQUEST 1, CANCEL 5 (the answer is not needed any more), MORE 6 (the body, a u32, grants parts)
//     from the worker: PART 2, ANSWER 3 (the last of a request), ERROR 4 (the last as well: why there is no answer)
//
// Each REQUEST gets one ANSWER or ERROR, a cancelled one too. It grants 16 parts, and each MORE so many more as it says.
// The parent ends its stream when it has all answers: what is under way then is cancelled.
import { Socket } from 'node:net';

const [REQUEST, PART, ANSWER, ERROR, CANCEL, MORE] = [1, 2, 3, 4, 5, 6];
const HEAD = 16;
const WINDOW = 16;
const NOT_NUMBERED = 'this is no numbered request: the parent has to say Exchange.NUMBERED';

const parent = new Socket({ fd: Number(process.env.DYAD_FD ?? 3), allowHalfOpen: true });
const running = new Map();
let wake = () => {};
parent.on('readable', () => wake()).on('end', () => wake());

// Returns so many bytes: fewer if the stream ends within them, null if it ends before them.
async function read(size) {
  for (;;) {
    const bytes = parent.read(size);
    if (bytes !== null || parent.readableEnded) return bytes;
    await new Promise((resolve) => { wake = resolve; });
  }
}

// Returns when the kernel has the message, so that a caller that waits for it keeps no more than one here.
function say(number, kind, body) {
  const message = Buffer.alloc(4 + HEAD + body.length);
  message.writeUInt32BE(HEAD + body.length);
  message.writeUInt8(kind, 4);
  message.writeBigUInt64BE(number, 12);
  message.set(body, 4 + HEAD);
  return new Promise((resolve, reject) => parent.write(message, (error) => (error ? reject(error) : resolve())));
}

// What the parent asks: `body`, and `signal`, an AbortSignal to look at or to hand on in what takes long.
class Request {
  #number; #end; #window = WINDOW; #waiting = []; #aborting = new AbortController();

  constructor(number, millis, body) {
    this.body = body;
    this.signal = this.#aborting.signal;
    this.#number = number;
    this.#end = millis ? performance.now() + millis : Infinity;
  }

  // Returns the seconds until the parent gives up: infinity without a limit, negative when it has.
  secondsLeft() { return (this.#end - performance.now()) / 1000; }

  // Sends a part of the answer, after a wait while the parent has not taken enough of those before.
  async part(body) {
    while (this.#window === 0 && !this.signal.aborted) await new Promise((resolve) => this.#waiting.push(resolve));
    this.signal.throwIfAborted();
    this.#window--;
    await say(this.#number, PART, Buffer.from(body));
  }

  grant(parts) {
    this.#window += parts;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  cancel() {
    this.#aborting.abort(new Error('the parent does not need it any more'));
    this.grant(0);
  }

  async answer(handle) {
    let last;
    try {
      last = [ANSWER, Buffer.from(await handle(this))];
    } catch (error) {
      last = [ERROR, Buffer.from(String(error))];
    }
    running.delete(this.#number);
    await say(this.#number, ...last).catch(() => {}); // the socket has told of it
  }
}

// Answers each request by what handle(request) resolves to, bytes or text, or by its error, until the parent ends.
export async function serve(handle) {
  for (let size; (size = await read(4)) !== null; ) {
    const length = size.length === 4 ? size.readInt32BE() : -1;
    if (length >= 0 && length < HEAD) throw new Error(NOT_NUMBERED);
    const message = length < 0 ? null : await read(length);
    if (message?.length !== length) throw new Error('a message is cut, or has 2 GiB or more');

    const [kind, number, body] = [message[0], message.readBigUInt64BE(8), message.subarray(HEAD)];
    if (kind === REQUEST) {
      const request = new Request(number, message.readUInt32BE(4), body);
      running.set(number, request);
      request.answer(handle);
    } else if (kind === MORE) {
      running.get(number)?.grant(body.readUInt32BE());
    } else if (kind === CANCEL) {
      running.get(number)?.cancel();
    } else {
      throw new Error(NOT_NUMBERED);
    }
  }
  parent.on('error', () => {}); // a parent that has closed its end altogether hears no answer
  for (const request of running.values()) request.cancel();
}
