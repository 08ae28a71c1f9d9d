/// Socket options: which sockets have which, their numbers, and how their values lie in memory.
///
/// A new one is a row of [OptionTable][dev.dyad.socket.option.OptionTable].
package dev.dyad.socket.option;
