/// The library's own threads: event loops, threads for calls that block, and what is kept for a while.
///
/// [LibraryThreads][dev.dyad.socket.thread.LibraryThreads] makes every one of them.
package dev.dyad.socket.thread;
