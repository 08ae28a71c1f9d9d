/// What a pool tells the JDK's flight recorder.
///
/// No class of these is touched before [the recorder has begun][dev.dyad.socket.jfr.FlightRecording#hasBegun].
package dev.dyad.worker.jfr;
