/// Event queues for many descriptors at once, and the registrations in them.
///
/// [WakeableQueue][dev.dyad.socket.select.WakeableQueue] is an `epoll` or a `poll` queue that any thread can wake.
package dev.dyad.socket.select;
