// A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
// A message is its length in four bytes, big-endian, and so many bytes.
import { once } from 'node:events';
import { Socket } from 'node:net';

const parent = new Socket({ fd: Number(process.env.DYAD_FD ?? 3) });
let wake = () => {};
parent.on('readable', () => wake()).on('end', () => wake());

// Returns so many bytes: fewer if the stream ends within them, null if it ends before them.
async function read(size) {
  if (size === 0) return Buffer.alloc(0);
  for (;;) {
    const bytes = parent.read(size);
    if (bytes !== null || parent.readableEnded) return bytes;
    await new Promise((resolve) => { wake = resolve; });
  }
}

for (let head; (head = await read(4)) !== null; ) {
  const length = head.length === 4 ? head.readInt32BE() : -1;
  const request = length < 0 ? null : await read(length);
  if (request?.length !== length) throw new Error('a message is cut, or has 2 GiB or more');

  const answer = Buffer.from(request.toString().toUpperCase());
  const size = Buffer.alloc(4);
  size.writeInt32BE(answer.length);
  if (!parent.write(Buffer.concat([size, answer]))) await once(parent, 'drain');
}
