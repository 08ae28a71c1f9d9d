/// The library's own threads: event loops, threads for calls that block, what is kept for a while, and what is
/// done for an object that was lost.
///
/// [LibraryThreads][dev.dyad.socket.thread.LibraryThreads] makes every one of them.
package dev.dyad.socket.thread;
