// A child of a Dyad parent: says back what it hears on its descriptor, until the parent has no more to say.
import { Socket } from 'node:net';

const parent = new Socket({ fd: Number(process.env.DYAD_FD ?? 3), allowHalfOpen: true });

parent.on('end', () => parent.destroySoon()); // when all is written
parent.pipe(parent);
