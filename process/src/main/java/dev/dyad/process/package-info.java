/// Children that one can talk to: each is started with one end of a socket pair, on descriptor 3 unless said
/// otherwise.
package dev.dyad.process;
