/// The JDK's flight recorder, where it is there.
///
/// Each module has the events of its own in a package of this kind.
package dev.dyad.socket.jfr;
