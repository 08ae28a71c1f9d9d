package dev.dyad.process.spawn;

import dev.dyad.process.inherited.InheritedSocketLookup;
import dev.dyad.process.stream.CaptureBuffer;
import dev.dyad.process.stream.CapturedPipe;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.process.stream.LinePipe;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.fd.SocketCalls;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What a child that is about to start is given, by the numbers that it will have there, and what it is told of it.
///
/// Closing it closes what is the child's, which by then has it or never will.
public final class ChildDescriptors implements Closeable {

    /// How many standard streams there are, which have the lowest numbers.
    public static final int STREAMS = 3;

    private static final List<Integer> MISSING = OwnStreams.missing();

    // -- read by the spawn
    final NavigableMap<Integer, Integer> sources = new TreeMap<>(); // our descriptors by their numbers in the child
    final Set<Integer> nulls = new TreeSet<>(); // the numbers that are the null device in the child
    Map<String, String> told = Map.of(); // what Dyad itself tells the child, in its environment

    private final Map<Integer, Integer> same = new HashMap<>();
    private final Deque<Closeable> theirs = new ArrayDeque<>();
    private final ChildEnds ours;

    /// @param ours gets our ends, which are the caller's to close
    public ChildDescriptors(ChildEnds ours) {
        this.ours = ours;
    }

    public void inherit(int number) {
        if (number >= STREAMS) {
            throw new IllegalArgumentException("of this process's descriptors a child inherits 0, 1 and 2, not "
                    + number + ": give it one of yours");
        }
    }

    public void ignore(int number) {
        nulls.add(number);
    }

    /// @param childWrites whether the child has the end that is written to
    public void pipe(int number, boolean childWrites) throws IOException {
        ours.add(number, piped(number, childWrites));
    }

    public void keep(int number, CaptureBuffer bytes, int lines) throws IOException {
        ours.add(number, new CapturedPipe(written(number), bytes), lines);
    }

    public void deliver(int number, Consumer<? super String> callback) throws IOException {
        ours.add(new LinePipe(written(number), callback));
    }

    /// Makes a pipe of which all that the child writes is read here.
    private PipeEnd written(int number) throws IOException {
        if (number == 0) {
            throw new IllegalArgumentException(
                    "a child reads its standard input, and writes no lines to it: give it Stdio.pipe() or a file");
        }
        return piped(number, true);
    }

    public void pair(int number) throws IOException {
        ours.add(number, SocketCalls.halfPair(fd -> own(number, fd)));
    }

    /// Gives the child the end that it is told of.
    public void socket(int number) throws IOException {
        ours.socket(SocketCalls.halfPair(fd -> {
            tell(number, SocketCalls.inode(fd));
            own(number, fd);
        }));
    }

    private void tell(int number, long inode) {
        told = Map.of(
                InheritedSocketLookup.FD, Integer.toString(number),
                InheritedSocketLookup.INODE, Long.toUnsignedString(inode));
    }

    /// Gives the child a descriptor that is not used here.
    private void own(int number, int fd) {
        sources.put(number, fd);
        theirs.push(() -> SocketCalls.closeNow(fd)); // last: if this throws, the number is not closed here
    }

    public void file(int number, Path path, OpenOption... options) throws IOException {
        var file = Descriptor.open(path, options);
        theirs.push(file);
        lend(number, file);
    }

    public void lend(int number, DescriptorSource source) throws IOException {
        BorrowedFd borrowed = source.borrow();
        theirs.push(borrowed::close);
        sources.put(number, borrowed.fd());
    }

    public void same(int number, int other) {
        same.put(number, other);
    }

    /// Gives the child what it has on another number as well, once that is known, and the null device in the place
    /// of a standard stream that this process has not itself.
    public void resolve() {
        MISSING.stream()
                .filter(number -> !sources.containsKey(number) && !same.containsKey(number))
                .forEach(nulls::add);
        var resolved = new TreeMap<Integer, Integer>();
        var empty = new ArrayList<Integer>();
        same.forEach((number, other) -> {
            Integer theirs = sources.get(other);
            if (nulls.contains(other)) {
                nulls.add(number);
            } else if (theirs != null) {
                resolved.put(number, theirs);
            } else if (other < STREAMS
                    && !other.equals(number)
                    && same.getOrDefault(other, number).equals(number)) {
                if (MISSING.contains(other)) {
                    empty.add(number);
                } else {
                    resolved.put(number, other); // ours, which the child inherits, or which change places
                }
            } else {
                throw new IllegalArgumentException(
                        "descriptor " + number + " is to be the same as " + other + ", which the child is not given");
            }
        });
        sources.putAll(resolved);
        nulls.addAll(empty);
    }

    /// Fails for nobody: a child that runs has its own by now.
    @Override
    public void close() {
        while (!theirs.isEmpty()) {
            try {
                theirs.pop().close();
            } catch (Throwable _) {
                // as with a file of another machine; the number is free all the same
            }
        }
    }

    /// @return our end of a new pipe whose other end the child gets
    private PipeEnd piped(int number, boolean childWrites) throws IOException {
        var pipe = Pipe.open();
        PipeEnd childs = childWrites ? pipe.sink() : pipe.source();
        theirs.push(childs);
        lend(number, childs);
        return childWrites ? pipe.source() : pipe.sink();
    }
}
