package dev.dyad.process;

import dev.dyad.process.spawn.ChildDescriptors;
import dev.dyad.process.stream.LimitedBuffer;
import dev.dyad.process.stream.TailBuffer;
import dev.dyad.socket.DescriptorSource;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a child has on one of its descriptors: a stream of this process, a file, a pipe, a socket.
///
/// It says what is to be made, and makes nothing itself: the same one may be used for several descriptors and
/// commands, by any thread. What each start makes of it belongs to the [Child], which closes it.
///
/// No thread reads or writes for the child, however many streams there are. A pipe or a socket that nobody
/// reads fills up, and the child then waits. To have its output read, use [#lastLines] or [#lines].
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="stdio"}
public final class Stdio {

    private static final Stdio INHERIT = new Stdio((number, descriptors) -> descriptors.inherit(number));
    private static final Stdio IGNORE = new Stdio((number, descriptors) -> descriptors.ignore(number));
    private static final Stdio PIPE = new Stdio((number, descriptors) -> descriptors.pipe(number, number != 0), "pipe");
    private static final Stdio PIPE_TO_CHILD =
            new Stdio((number, descriptors) -> descriptors.pipe(number, false), "pipe");
    private static final Stdio PAIR = new Stdio((number, descriptors) -> descriptors.pair(number), "pair");

    private final Making making;
    private final @Nullable String ours;

    private Stdio(Making making) {
        this(making, null);
    }

    /// @param ours what our end of it is, which somebody has to read or write, or `null` if nobody has to
    private Stdio(Making making, @Nullable String ours) {
        this.making = making;
        this.ours = ours;
    }

    /// Fails for what stops a child that nobody can talk to.
    void requireUnattended(int number) {
        if (ours != null) {
            throw new IllegalStateException("nobody would have our end of the " + ours + " on descriptor " + number
                    + " of a command that runs for its output: give it its input by output(input), keep what it"
                    + " writes by Stdio.lastLines, or talk with it by spawn()");
        }
    }

    /// Returns whether it is a pipe in the direction of a standard stream.
    boolean isPipe(int number) {
        return this == PIPE || (this == PIPE_TO_CHILD && number == 0);
    }

    /// How what is said becomes something.
    @FunctionalInterface
    private interface Making {
        void make(int number, ChildDescriptors descriptors) throws IOException;
    }

    /// Makes it for descriptor `number` of a child that is about to start.
    void make(int number, ChildDescriptors descriptors) throws IOException {
        making.make(number, descriptors);
    }

    /// Returns what this process has there. A child has this as its standard streams unless something else is
    /// said.
    ///
    /// @return the same stream; only for 0, 1 and 2, as higher numbers of a JVM are the JDK's
    public static Stdio inherit() {
        return INHERIT;
    }

    /// Returns the null device: reads find the end of the file, and what is written is discarded.
    ///
    /// @return `/dev/null`
    public static Stdio ignore() {
        return IGNORE;
    }

    /// Returns a pipe that the child reads from if it is its standard input, and writes to on every other
    /// number.
    ///
    /// Unlike a socket it can be opened again by a name such as `/dev/stdout`. Our end is [Child#pipe].
    ///
    /// @return a new pipe for each start
    public static Stdio pipe() {
        return PIPE;
    }

    /// Returns a pipe that the child reads from on any number, such as for a password or a second input.
    ///
    /// @return a new pipe for each start; our end is [Child#pipe]
    public static Stdio pipeToChild() {
        return PIPE_TO_CHILD;
    }

    /// Returns an end of a socket pair, which the child reads from and writes to.
    ///
    /// @return a new pair of streams for each start; our end is [Child#pair]
    public static Stdio pair() {
        return PAIR;
    }

    /// Returns what somebody else opened: an end, a listener, an open file.
    ///
    /// The child gets a descriptor of its own for it. The one here stays open, and stays the caller's to close,
    /// which may happen as soon as the child is started.
    ///
    /// @param descriptor what it stands for
    /// @return the same socket or open file
    public static Stdio of(DescriptorSource descriptor) {
        Objects.requireNonNull(descriptor);
        return new Stdio((number, descriptors) -> descriptors.lend(number, descriptor));
    }

    /// Returns a file, which is opened when the child is started, in this process.
    ///
    /// Opening a FIFO waits until its other side is opened, and no deadline or interrupt ends that: open it by
    /// [dev.dyad.socket.Descriptor#open], both to read and to write, instead. For virtual threads, threads of
    /// Dyad's own open up to 256 files at the same time; further ones wait for their turn.
    ///
    /// @param path where it is; a relative path starts at our working directory, whatever the child's is
    /// @param options how to open it, as of [dev.dyad.socket.Descriptor#open]. Unless there are some, a standard
    ///     input is [StandardOpenOption#READ], and everything else is created if it is not there, and
    ///     emptied if it is
    /// @return the file
    public static Stdio file(Path path, OpenOption... options) {
        Objects.requireNonNull(path);
        OpenOption[] given = options.clone();
        return new Stdio(
                (number, descriptors) -> descriptors.file(number, path, given.length > 0 ? given : usual(number)));
    }

    /// Returns what the child has on another descriptor: `stderr(Stdio.sameAs(1))` sends both outputs one way, in
    /// the order in which they are written.
    ///
    /// Two standard streams that are to be the same as each other change places, as with a shell's
    /// `3>&1 1>&2 2>&3`: the child's output goes to where this process's errors go, and the other way round.
    ///
    /// @param number the other descriptor, which must not itself be the same as a third one
    /// @return the same stream
    /// @throws IllegalArgumentException if `number` is negative
    public static Stdio sameAs(int number) {
        Command.requireNumber(number);
        return new Stdio((own, descriptors) -> descriptors.same(own, number));
    }

    /// Returns a pipe that is read here, all the time, and of which the last lines are kept.
    ///
    /// The child never waits for anybody to read it. What it writes when it ends is there before its [Exit] is
    /// known, see [Child#lastLines]. A single thread reads for all children.
    ///
    /// @param most how many lines to keep, of no more than 64 KiB in all
    /// @return a new pipe for each start, which fails with [IllegalArgumentException] where it is to be the
    ///     standard input
    /// @throws IllegalArgumentException if `most` is less than one
    public static Stdio lastLines(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("not a number of lines: " + most);
        }
        return new Stdio((number, descriptors) -> descriptors.keep(number, new TailBuffer(), most));
    }

    /// Returns a pipe whose lines a callback is called with, such as a logger's method:
    /// `stderr(Stdio.lines(line -> logger.log(INFO, line)))`.
    ///
    /// The callback gets one line at a time, in order and without its end, which is `\n`, `\r` or `\r\n`; the
    /// last one need not have an end. The text is taken to be UTF-8, with a replacement character for what is
    /// none. A line of more than 64 KiB comes in pieces of about so much.
    ///
    /// A thread of Dyad's calls it, and is there only as long as there are lines; the callback may block it. A
    /// slow callback slows its child and nobody else: while 64 KiB wait for it, nothing more is read. At most
    /// 1,024 are called at the same time, then others wait for their turn. The callbacks for two descriptors,
    /// or for two children, may be called at the same time, even if they are the same object.
    ///
    /// What the callback throws goes to the [uncaught exception handler][Thread#getUncaughtExceptionHandler] of
    /// the thread, and the next line follows. Where this process itself has no memory or no thread to read or to
    /// deliver a line, the child finds its pipe broken, and [Child#waitFor] throws.
    ///
    /// [Child#waitFor] and [Child#onExit] wait for all lines that the child wrote before it ended; an unfinished
    /// last line counts as one then. Called by a callback of the child, [Child#waitFor] waits only for the end
    /// of the child, and for no lines; a callback must not wait for the future of [Child#onExit]. What processes
    /// that it left behind write is delivered until the [Child] is closed, which waits a second at most for the
    /// callback. What has not been delivered when this JVM ends is lost.
    ///
    /// @param callback what is called with each line; not `null`, and used for each start
    /// @return a new pipe for each start, which fails with [IllegalArgumentException] where it is to be the
    ///     standard input
    public static Stdio lines(Consumer<? super String> callback) {
        Objects.requireNonNull(callback);
        return new Stdio((number, descriptors) -> descriptors.deliver(number, callback));
    }

    /// Returns a pipe that is read here, all the time, and of which everything is kept.
    ///
    /// @param most how much there may be; nobody reads more, and the child finds its pipe broken
    static Stdio all(int most) {
        return new Stdio((number, descriptors) -> descriptors.keep(number, new LimitedBuffer(most), 0));
    }

    private static OpenOption[] usual(int number) {
        return number == 0
                ? new OpenOption[] {StandardOpenOption.READ}
                : new OpenOption[] {
                    StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING
                };
    }
}
