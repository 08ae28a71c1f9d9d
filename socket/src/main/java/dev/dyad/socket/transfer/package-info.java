/// The bytes, the addresses and the control data of one call, as the kernel takes them.
///
/// The buffers of a caller become an array of `struct iovec` over their own memory, or over memory that is borrowed for
/// the call.
package dev.dyad.socket.transfer;
