package dev.dyad.process;

import java.time.Duration;

/// What a child used, with the processes that it started and waited for.
///
/// The peak of its memory is not among it: the kernel counts what this JVM had when it started the child.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="resource-usage"}
///
/// @param userTime processor time in the program
/// @param systemTime processor time in the kernel, on its behalf
/// @param minorFaults pages that were found without reading from a disk
/// @param majorFaults pages that were read from a disk
/// @param voluntarySwitches how often it waited for something
/// @param involuntarySwitches how often its processor was given to another
/// @see <a href="https://man7.org/linux/man-pages/man2/getrusage.2.html">getrusage(2)</a>
public record ResourceUsage(
        Duration userTime,
        Duration systemTime,
        long minorFaults,
        long majorFaults,
        long voluntarySwitches,
        long involuntarySwitches) {}
