// A worker of a Dyad parent on Node's own channel: answers each message with its text in upper case, until the parent
// has no more to ask. The parent says NODE_CHANNEL_FD=3, and a message is a line of JSON.
process.on('message', ({ id, text }) => process.send({ id, text: text.toUpperCase() }));
