package dev.dyad.message;

import dev.dyad.process.Exit;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// How a channel ended: one event, told once and the same to everybody.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="closed"}
public sealed interface Closed {

    /// The peer ended it, between two messages. It may have ended only its own sending, so that this
    /// side can still send.
    record Ended() implements Closed {
        @Override
        public String toString() {
            return "the peer has ended it";
        }
    }

    /// The child at the other end has ended.
    ///
    /// @param exit how
    /// @param outOfMemory whether it was killed, and the kernel has meanwhile killed a process of its control
    ///     group for lack of memory
    /// @param lastLines the last lines of its standard error, where they are kept. Before them stands what it has
    ///     sent over the channel, such as its usage, if that was text of one message at most, which nobody had
    ///     received and closed
    record ChildEnded(Exit exit, boolean outOfMemory, List<String> lastLines) implements Closed {

        /// Copies the lines.
        ///
        /// @param exit how
        /// @param outOfMemory whether it was killed for lack of memory
        /// @param lastLines the last lines of its standard error
        public ChildEnded {
            lastLines = List.copyOf(lastLines);
        }

        /// Returns the same, with lines before its last ones.
        ChildEnded withLinesBefore(List<String> linesBefore) {
            return new ChildEnded(
                    exit,
                    outOfMemory,
                    Stream.concat(linesBefore.stream(), lastLines.stream()).toList());
        }

        @Override
        public String toString() {
            return "the child has ended: " + exit
                    + (outOfMemory ? ", killed by the kernel, as no memory was left" : "")
                    + (lastLines.isEmpty() ? "" : "; its last lines: " + String.join(" | ", lastLines));
        }
    }

    /// The peer is gone without a word: the end came within a message, or a call failed.
    ///
    /// @param why what failed
    record Broken(IOException why) implements Closed {
        @Override
        public String toString() {
            return "broken: " + why.getMessage();
        }
    }

    /// What the peer sent is not of the wire, or longer than the limit.
    ///
    /// @param how which rule, at which byte, and what stands there
    record Misbehaved(WireException how) implements Closed {
        @Override
        public String toString() {
            return "the peer does not keep to the wire: " + how.getMessage();
        }
    }

    /// The worker at the other end has asked to be stopped, as [goridge's][Exchange#GORIDGE] may in the place of an
    /// answer: it is asked nothing more.
    record AskedToStop() implements Closed {
        @Override
        public String toString() {
            return "the worker has asked to be replaced";
        }
    }

    /// It was closed on this side.
    ///
    /// @param why "closed", or what made the channel end itself
    record Here(String why) implements Closed {
        @Override
        public String toString() {
            return why;
        }
    }
}
