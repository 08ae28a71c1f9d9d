/// What the JDK's flight recorder is told of channels.
///
/// No class of these is touched before [the recorder has begun][dev.dyad.socket.jfr.FlightRecording#hasBegun].
package dev.dyad.message.jfr;
