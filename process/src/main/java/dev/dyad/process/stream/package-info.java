/// Our ends of what a child has on its descriptors, and the pipes of it that are read all the time.
///
/// [ChildEnds][dev.dyad.process.stream.ChildEnds] has all that one child has; a
/// [CapturedPipe][dev.dyad.process.stream.CapturedPipe] keeps what comes, and a
/// [LinePipe][dev.dyad.process.stream.LinePipe] calls back with each line.
package dev.dyad.process.stream;
