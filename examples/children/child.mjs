// A child of a Dyad parent: reads the parent's message on its descriptor, in however many pieces, and answers there.
import { Socket } from 'node:net';

const expected = Buffer.from('我是父級進程');
const parent = new Socket({ fd: Number(process.env.DYAD_FD ?? 3) });
let message = Buffer.alloc(0);

parent.on('data', (piece) => {
    message = Buffer.concat([message, piece]);
    if (message.equals(expected)) {
        parent.end('我是子進程', () => parent.destroy());
    }
});
parent.on('end', () => {
    if (!message.equals(expected)) {
        console.error(`child.mjs: not the parent's message: ${message}`);
        process.exitCode = 1;
    }
});
