package dev.dyad.process;

import dev.dyad.posix.NativeText;
import dev.dyad.process.exit.AtExit;
import dev.dyad.process.exit.StopTimeouts;
import dev.dyad.process.jfr.ChildStartedEvent;
import dev.dyad.process.pool.PoolSpawn;
import dev.dyad.process.spawn.AccountName;
import dev.dyad.process.spawn.Environment;
import dev.dyad.process.spawn.PreExec;
import dev.dyad.process.spawn.ResourceLimits;
import dev.dyad.process.spawn.SpawnAttributes;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.jfr.FlightRecording;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A command to start as a child that one can talk to.
///
/// The child finds its end of a socket pair on descriptor 3, and the number in `DYAD_FD` of its environment.
/// It gets its standard streams and what is asked for here, and no other descriptor. Its signals are as they
/// are in a new process: nothing blocked, nothing ignored.
///
/// May be spawned any number of times. Not for several threads at once.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="command"}
public final class Command {

    private static final int FIRST_FREE_FD = 3;

    static {
        PoolSpawn.by(
                new PoolSpawn() { // no lambda: the first one of a JVM takes milliseconds
                    @Override
                    protected Child spawn(Command command) throws IOException {
                        return command.spawnForPool();
                    }

                    @Override
                    protected String programOf(Command command) {
                        return command.name;
                    }
                });
    }

    private final Program program;
    private final String name;
    private final List<String> added = new ArrayList<>();
    private final NavigableMap<Integer, Stdio> streams = new TreeMap<>();
    private @Nullable Integer fd = FIRST_FREE_FD;
    private @Nullable PreExec preExec; // once there is something that the child does for itself
    private int maxOutput = 1 << 26;
    private @Nullable StopTimeouts timeouts;
    private boolean endsWithJvm = true;
    private @Nullable Signal parentDeathSignal;
    private boolean groupEndsWithChild;

    // -- read by Launch as well
    final Environment environment = new Environment();

    @Nullable
    SpawnAttributes attributes; // `null` while nothing is said of group, session or ignored signals

    @Nullable
    Path directory; // or `null` for this process's own

    @Nullable
    ResourceLimits limits; // once there is one

    @Nullable
    Child leader; // whose process group the child joins

    /// What is run, which may be found anew at each start.
    @FunctionalInterface
    interface Program {

        /// Returns the program and its arguments.
        List<String> words();

        /// Is told that it has been started once more.
        default void started() {}
    }

    /// @param words those of the program now
    private Command(Program program, List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
        this.program = program;
        name = words.getFirst();
    }

    /// Returns a command of a program and its arguments, which no shell interprets.
    ///
    /// A script that does not begin with `#!` is run by the shell, as `execvp(3)` does.
    ///
    /// @param program a path, or a name that is looked for along this process's `PATH`
    /// @param arguments what the program gets
    /// @return the command
    /// @throws IllegalArgumentException if one of them has a NUL character in it, or is no Unicode text
    public static Command of(String program, String... arguments) {
        var words = new ArrayList<String>();
        words.add(program);
        words.addAll(List.of(arguments));
        return of(words);
    }

    /// Returns a command of a program and its arguments.
    ///
    /// They are encoded as the JDK does it, in the encoding of the locale; characters that this lacks, as
    /// under `LANG=C`, are encoded in UTF-8. For a path whose bytes are no text, use [#argument].
    ///
    /// @param words the program and its arguments
    /// @return the command
    /// @throws IllegalArgumentException if there is no word, or one has a NUL character in it, or is no
    ///     Unicode text
    public static Command of(List<String> words) {
        List<String> copy = List.copyOf(words);
        copy.forEach(NativeText::require);
        return new Command(() -> copy, copy);
    }

    static Command of(Program program) {
        return new Command(program, program.words());
    }

    /// Adds a path as an argument, byte for byte, whether its bytes are text in the locale or not.
    ///
    /// @param path the argument; a relative one stays relative, to the child's working directory
    /// @return this
    /// @throws IllegalArgumentException if it is in another file system than the system's own
    public Command argument(Path path) {
        added.add(NativeText.text(path));
        return this;
    }

    /// Sets the child's working directory. A relative path of the program, with a slash in it, starts there
    /// as well.
    ///
    /// Only [#spawn] finds out whether the folder is there, as it may be made until then.
    ///
    /// @param path the folder; this process's own unless said
    /// @return this
    public Command directory(Path path) {
        directory = path.toString().isEmpty() ? null : path; // as everywhere in Java, where we are
        return this;
    }

    /// Sets a variable of the child's environment, which is a copy of this process's otherwise.
    ///
    /// Those that tell of a descriptor which only this process has are not copied: `DYAD_FD` and
    /// `DYAD_INODE`, Node's `NODE_CHANNEL_FD`, `NODE_CHANNEL_SERIALIZATION_MODE` and `NODE_UNIQUE_ID`, a
    /// service manager's `LISTEN_FDS`, `LISTEN_PID`, `LISTEN_FDNAMES`, `LISTEN_PIDFDID` and `NOTIFY_SOCKET`,
    /// and `WAYLAND_SOCKET`. To give the child one of them, set it here.
    ///
    /// @param name its name, not empty and without `=`
    /// @param value its value
    /// @return this
    public Command environment(String name, String value) {
        requireName(name);
        NativeText.require(value);
        environment.set(name, value);
        return this;
    }

    /// Sets a variable of the child's environment to a path, byte for byte, whether its bytes are text in
    /// the locale or not.
    ///
    /// @param name its name, not empty and without `=`
    /// @param path its value
    /// @return this
    /// @throws IllegalArgumentException if it is in another file system than the system's own
    public Command environment(String name, Path path) {
        requireName(name);
        environment.set(name, NativeText.text(path));
        return this;
    }

    /// Sets variables of the child's environment.
    ///
    /// @param variables values by their names
    /// @return this
    public Command environment(Map<String, String> variables) {
        variables.forEach(this::environment);
        return this;
    }

    /// Starts the child's environment empty, instead of with a copy of this process's: the child gets only
    /// what is set here, before or after this call, and the variables that tell it of its end.
    ///
    /// A program that is named without a slash is still looked for along this process's `PATH`.
    ///
    /// @return this
    public Command emptyEnvironment() {
        environment.inheritNothing();
        return this;
    }

    /// Leaves a variable out of the child's environment.
    ///
    /// @param name its name
    /// @return this
    public Command withoutEnvironment(String name) {
        requireName(name);
        environment.set(name, null);
        return this;
    }

    /// Sets the descriptor on which the child finds its end.
    ///
    /// @param number 3 unless said; 0 makes it the standard input
    /// @return this
    public Command fd(int number) {
        requireNumber(number);
        fd = number;
        return this;
    }

    /// Gives the child no end of its own; [Child#socket] then has nothing to return.
    ///
    /// @return this
    public Command withoutSocket() {
        fd = null;
        return this;
    }

    /// Returns whether a child of it can be asked and can answer: over a socket of its own, or over pipes that are its
    /// standard input and output.
    ///
    /// @return whether it has one of them
    public boolean hasSocketOrPipes() {
        return fd != null || (isPipe(0) && isPipe(1));
    }

    /// Returns the standard streams of a child of it that are [pipes][Stdio#pipe()] and over which it is not
    /// asked. The program that starts it has to read them, or the child waits for room in them for ever.
    ///
    /// @return their numbers, of 1 and 2
    public List<Integer> outputsToRead() {
        return IntStream.rangeClosed(fd == null ? 2 : 1, 2)
                .filter(this::isPipe)
                .boxed()
                .toList();
    }

    private boolean isPipe(int number) {
        Stdio what = streams.get(number);
        return what != null && what.isPipe(number);
    }

    /// Gives the child one more descriptor, such as an end, a listener or an open file.
    ///
    /// @param number its number in the child, in whatever order and with whatever gaps
    /// @param descriptor what it stands for; the caller still owns it here, and closes it
    /// @return this
    public Command with(int number, DescriptorSource descriptor) {
        return with(number, Stdio.of(descriptor));
    }

    /// Says what the child has on a descriptor: one more, or one of its standard streams.
    ///
    /// @param number its number in the child, in whatever order and with whatever gaps
    /// @param what what it is
    /// @return this
    public Command with(int number, Stdio what) {
        requireNumber(number);
        streams.put(number, Objects.requireNonNull(what));
        return this;
    }

    /// Sets the standard input.
    ///
    /// @param what [Stdio#inherit] unless said
    /// @return this
    public Command stdin(Stdio what) {
        return with(0, what);
    }

    /// Sets the standard output.
    ///
    /// @param what [Stdio#inherit] unless said
    /// @return this
    public Command stdout(Stdio what) {
        return with(1, what);
    }

    /// Sets the standard error.
    ///
    /// @param what [Stdio#inherit] unless said
    /// @return this
    public Command stderr(Stdio what) {
        return with(2, what);
    }

    /// Makes the child lead a process group of its own, which a terminal's Ctrl-C does not reach.
    ///
    /// @return this
    public Command processGroup() {
        attributes().group(0);
        leader = null;
        return this;
    }

    /// Puts the child into the process group that another child leads, as a shell does with the commands of a
    /// pipeline: [Child#signalGroup] of the leader reaches both.
    ///
    /// Once the leader has ended, a spawn fails with `ESRCH`, even if others are left in its group: its
    /// number may be another's.
    ///
    /// @param leader a child that leads a group, of this session
    /// @return this
    /// @throws IllegalArgumentException if it leads none
    public Command processGroup(Child leader) {
        if (!leader.leadsGroup()) {
            throw new IllegalArgumentException("child " + leader.pid() + " does not lead a process group");
        }
        attributes().group(Math.toIntExact(leader.pid()));
        this.leader = leader;
        return this;
    }

    /// Makes the child lead a session of its own, and a process group, without the terminal of this one:
    /// what a service does that is to outlive a login.
    ///
    /// @return this
    public Command session() {
        attributes().session();
        return this;
    }

    /// Sends SIGTERM to what is left of the process group that the child leads, once the child has ended, in
    /// whatever way.
    ///
    /// Nobody waits for those processes, and no SIGKILL follows: one that ignores SIGTERM goes on, and so does
    /// one that has left the group. Without this, only [closing][Child#close] a child that still runs does so.
    /// It needs [#processGroup()] or [#session]: it does nothing without either, or where a filter of system
    /// calls refuses `waitid`.
    ///
    /// @return this
    public Command endGroupWithChild() {
        groupEndsWithChild = true;
        return this;
    }

    /// Limits what the child, and each process that it starts, may use of a resource: see
    /// [#limit(Limit, long, long)].
    ///
    /// @param limit the resource
    /// @param most how much, in the unit that the [Limit] names, from 0 on, or [Limit#UNLIMITED]; the child cannot
    ///     raise it, unless it is privileged
    /// @return this
    /// @throws IllegalArgumentException if `most` is negative, and not [Limit#UNLIMITED]
    public Command limit(Limit limit, long most) {
        return limit(limit, most, most);
    }

    /// Limits what the child, and each process that it starts, may use of a resource.
    ///
    /// A limit is set when the program has been loaded, and [#spawn] returns afterwards. So the program may
    /// run for the time of a system call before it is limited. It keeps what it had by then, and processes
    /// that it had started by then are not limited. A program that is not to have that moment is started by
    /// one that limits itself first: `prlimit`, or a shell's `ulimit`.
    ///
    /// With [#user] or [#group] it is `prlimit` of util-linux that sets the limits, as that user and before the
    /// program takes its place: so they hold from the first moment on, also for how it is loaded.
    ///
    /// A hard limit that is higher than this process's own needs the privilege to raise it (`CAP_SYS_RESOURCE`).
    /// Without it [#spawn] fails before anything has run, with
    /// `prlimit: NOFILE: Operation not permitted (EPERM)`.
    ///
    /// @param limit the resource; what was said of it before is replaced
    /// @param soft how much, in the unit that the [Limit] names, from 0 on, or [Limit#UNLIMITED]
    /// @param hard up to how much the child may raise that itself, or [Limit#UNLIMITED]
    /// @return this
    /// @throws IllegalArgumentException if one of them is negative, and not [Limit#UNLIMITED], or the first greater
    ///     than the second
    /// @see <a href="https://man7.org/linux/man-pages/man2/getrlimit.2.html">prlimit(2)</a>
    public Command limit(Limit limit, long soft, long hard) {
        limits().set(limit, soft, hard);
        return this;
    }

    /// Sets how long a close of the child waits: until SIGTERM for the child to end by itself, and then until
    /// SIGKILL.
    ///
    /// @param untilTerm 2 seconds unless said, and zero for no patience
    /// @param untilKill 2 seconds unless said, and zero for no patience
    /// @return this
    public Command patience(Duration untilTerm, Duration untilKill) {
        timeouts = new StopTimeouts(untilTerm, untilKill);
        return this;
    }

    /// Lets the child go on when this JVM ends in an orderly way. Without this, the JVM then closes it as
    /// [Child#close] does, all children at once.
    ///
    /// The child still finds the end of the stream when it reads its end. A child without this that is
    /// started while the JVM already ends, as by a shutdown hook, gets SIGKILL when the JVM has ended, as
    /// with [#parentDeathSignal].
    ///
    /// @return this
    public Command outliveJvm() {
        endsWithJvm = false;
        return this;
    }

    /// Sends the child a signal when this JVM ends, in whatever way: also when it is killed.
    ///
    /// A child that reads its end does not need this, as it finds the end of the stream. This is for
    /// programs that do not read it. The program is the one that a spawn without this runs. The kernel
    /// sends the signal only to the child, not to what the child has started, and forgets it when the
    /// child executes a program that changes its user or its capabilities.
    ///
    /// It needs `setpriv` of util-linux and a shell, which run in the child before the command takes the
    /// process over. That makes the start longer; a command that is found and still cannot be run ends with
    /// 126 or 127; a variable whose name no shell accepts is lost. One thread starts all such children, as
    /// the kernel takes the end of that thread for the parent's.
    ///
    /// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="supervised"}
    ///
    /// @param signal [Signal#KILL], or one that the child takes
    /// @return this
    /// @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html">PR_SET_PDEATHSIG</a>
    public Command parentDeathSignal(Signal signal) {
        parentDeathSignal = signal;
        return this;
    }

    /// Runs the child as another user, in the groups of that user: its primary group, or
    /// [another][#group], and all that it was added to. A user that the system does not know has only
    /// the group that is given.
    ///
    /// It needs `setpriv` of util-linux, `prlimit` as well where there are [limits][#limit], and the privileges
    /// of the superuser. Variables such as `HOME` stay what they are. Each spawn first tries whether it can be
    /// done, and fails otherwise.
    ///
    /// @param user the name of one, or a number from 0 to 4294967294 in decimal digits; one without a name needs
    ///     a [#group]
    /// @return this
    /// @throws IllegalArgumentException if it can be neither
    /// @see <a href="https://man7.org/linux/man-pages/man1/setpriv.1.html">setpriv(1)</a>
    public Command user(String user) {
        preExec().user(AccountName.require(user));
        return this;
    }

    /// Runs the child in another group than the primary one of its user, which is then among its other groups.
    ///
    /// Without a [#user], the child keeps the other groups that this process has. It needs what [#user] needs.
    ///
    /// @param group the name of one, or a number from 0 to 4294967294 in decimal digits
    /// @return this
    /// @throws IllegalArgumentException if it can be neither
    public Command group(String group) {
        preExec().group(AccountName.require(group));
        return this;
    }

    /// Sets the file mode mask, which is this process's unless said.
    ///
    /// A shell sets it before the command takes the process over, so that what [#parentDeathSignal] says of a
    /// shell holds here as well.
    ///
    /// @param mask the bits that files are created without, such as `0077`
    /// @return this
    /// @throws IllegalArgumentException if there are other bits than `0777`
    /// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/umask.html">umask,
    ///     POSIX.1-2024</a>
    public Command umask(int mask) {
        if ((mask & ~0777) != 0) {
            throw new IllegalArgumentException("not a file mode mask: " + Integer.toOctalString(mask));
        }
        preExec().mask(mask);
        return this;
    }

    /// Lets the child take more or less of the processor than this process, by the program `nice`.
    ///
    /// A nice value is from -20, for the most, to 19, for the least; what would be beyond is cut to that. To
    /// lower it takes a privilege (`CAP_SYS_NICE`), or a [Limit#NICE] that allows it. Each spawn first tries
    /// whether it can be done, and otherwise fails with an [IOException] before anything has run.
    ///
    /// @param increment what is added to this process's nice value: a positive number for less of the processor
    /// @return this
    /// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/nice.html">nice, POSIX.1-2024</a>
    public Command nice(int increment) {
        preExec().niceness(increment);
        return this;
    }

    /// Starts the child with signals ignored, whatever this process does with them.
    ///
    /// A shell sets that before the command takes the process over, so that what [#parentDeathSignal] says of a
    /// shell holds here as well.
    ///
    /// @param signals such as [Signal#PIPE]
    /// @return this
    /// @throws IllegalArgumentException if one of them cannot be ignored
    public Command ignoreSignals(Signal... signals) {
        for (Signal signal : signals) {
            if (signal == Signal.KILL || signal == Signal.STOP) {
                throw new IllegalArgumentException("SIG" + signal + " cannot be ignored");
            }
            preExec().ignored(signal);
        }
        return this;
    }

    /// Keeps the signals ignored that this process ignores, as `nohup` wants.
    ///
    /// A JVM takes SIGPIPE and SIGQUIT for itself when it starts, and SIGCHLD is needed to learn how children
    /// end: nobody knows any more whether these were ignored before. To have them ignored, call
    /// [#ignoreSignals].
    ///
    /// @return this
    public Command keepIgnoredSignals() {
        attributes().keepIgnoredSignals();
        return this;
    }

    /// Starts the child.
    ///
    /// When this returns, the program runs, and only the child has its end. On a virtual thread the work is done
    /// by another thread, since it blocks until the program has been loaded: up to 256 at the same time, and
    /// others wait for their turn. See [Stdio#file] for how files are opened.
    ///
    /// @return the child, which the caller closes
    /// @throws IllegalArgumentException if a descriptor is given twice, or is to be what cannot be meant
    /// @throws dev.dyad.socket.SystemCallException if a call fails, as with
    ///     `posix_spawn: NAME: No such file or directory (ENOENT)`; nothing has run then, unless the
    ///     program is one that changes its user and therefore cannot be [limited][#limit]
    /// @throws java.nio.channels.ClosedChannelException if what it is to be given is closed
    /// @throws IOException if something else fails
    /// @throws UnsupportedOperationException where there is no native access
    /// @see <a
    ///     href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/posix_spawn.html">posix_spawn,
    ///     POSIX.1-2024</a>
    public Child spawn() throws IOException {
        return spawn(streams, groupEndsWithChild);
    }

    private Child spawnForPool() throws IOException {
        Map<Integer, Stdio> given = streams;
        if (!streams.containsKey(0) && !Objects.equals(fd, 0)) {
            given = new TreeMap<>(streams);
            given.put(0, Stdio.ignore());
        }
        return spawn(given, true);
    }

    private Child spawn(Map<Integer, Stdio> given, boolean endsGroup) throws IOException {
        Integer number = fd;
        if (number != null && given.containsKey(number)) {
            throw new IllegalArgumentException("descriptor " + number + " is given twice");
        }
        return spawn(number, given, endsGroup);
    }

    private Child spawn(@Nullable Integer number, Map<Integer, Stdio> given, boolean endsGroup) throws IOException {
        boolean late = endsWithJvm && AtExit.hasBegun();
        Signal signal = late ? Signal.KILL : parentDeathSignal;
        if (parentDeathSignal != null || (preExec != null && preExec.runsShell(null))) {
            environment.requireShellNames();
        }
        List<String> said = words();
        List<String> words =
                signal == null && preExec == null ? said : preExec().words(signal, said, directory);
        ChildStartedEvent measured = FlightRecording.hasBegun() ? ChildStartedEvent.begun() : null;
        Child child;
        try {
            child = new Launch(this, said, words, number, given, endsGroup).start(signal != null, endsWithJvm && !late);
        } catch (AtExit.Begun meanwhile) { // with nothing started
            return spawn(number, given, endsGroup);
        }
        try {
            program.started();
            if (measured != null) {
                measured.tell(child.pid(), said.getFirst());
            }
        } catch (RuntimeException | Error _) {
            // it only makes the next one faster, or is for people who look on
        }
        return child;
    }

    /// Sets how much of its standard output [#output] keeps.
    ///
    /// @param bytes how many bytes there may be, 64 MiB unless said; no more is read, and the child finds its
    ///     pipe broken
    /// @return this
    /// @throws IllegalArgumentException if it is negative
    public Command maxOutput(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("not a size: " + bytes);
        }
        maxOutput = bytes;
        return this;
    }

    /// Runs the command to its end, and returns what it wrote.
    ///
    /// @return its output and its exit
    /// @throws InterruptedException if this thread is interrupted meanwhile, which ends the child
    /// @throws IOException as [#output(Deadline)]
    public Output output() throws IOException, InterruptedException {
        return unlimited(null);
    }

    /// Runs the command to its end, and returns what it wrote.
    ///
    /// Unless something else is said, it has nothing to read, and the last lines of its standard error are kept.
    /// It has no socket. It never waits for anybody to read its output, of which there may be 64 MiB unless
    /// [#maxOutput] says otherwise; a process that it leaves behind is not waited for. A code other than 0 is no
    /// exception: see [Output#exit].
    ///
    /// @param deadline until when to wait; the start is not cut short, as by a [file][Stdio#file] that is a FIFO
    /// @return its output and its exit
    /// @throws OutputTimeoutException if it has not ended by then, with what it wrote; it gets SIGKILL at once, or
    ///     is ended as [Child#close] does where [#patience] was said
    /// @throws InterruptedException if this thread is interrupted meanwhile, which ends the child in the
    ///     same way
    /// @throws IllegalStateException if its standard output was said to go elsewhere, or one of its descriptors is
    ///     a pipe or a pair whose other end nobody would have; nothing has run then
    /// @throws IOException if there is more output than that, or as [#spawn]
    public Output output(Deadline deadline) throws IOException, InterruptedException, TimeoutException {
        return new OutputCall(this, maxOutput).output(null, deadline);
    }

    /// Runs the command to its end with something to read, and returns what it wrote.
    ///
    /// @param input what it reads as its standard input
    /// @return its output and its exit
    /// @throws InterruptedException if this thread is interrupted meanwhile, which ends the child
    /// @throws IOException as [#output(ReadableByteChannel, Deadline)]
    public Output output(byte[] input) throws IOException, InterruptedException {
        return unlimited(OutputCall.input(input));
    }

    /// Runs the command to its end with something to read, and returns what it wrote.
    ///
    /// @param input what it reads as its standard input
    /// @param deadline until when to wait
    /// @return its output and its exit
    /// @throws TimeoutException as [#output(Deadline)]
    /// @throws InterruptedException if this thread is interrupted meanwhile, which ends the child
    /// @throws IOException as [#output(ReadableByteChannel, Deadline)]
    public Output output(byte[] input, Deadline deadline) throws IOException, InterruptedException, TimeoutException {
        return new OutputCall(this, maxOutput).output(OutputCall.input(input), deadline);
    }

    /// Runs the command to its end with something to read, and returns what it wrote.
    ///
    /// This thread reads the channel and writes to the child, which may write before it reads, and need not read at
    /// all: a child that has closed its input or ended is given no more. After each read this thread looks at
    /// the deadline, at its interrupt and at whether the child has ended. **A read of the channel that itself waits
    /// is not ended by the deadline, nor by the end of the child**: this returns when that read does. An interrupt
    /// ends it where the channel is an [java.nio.channels.InterruptibleChannel], as most of the JDK's are.
    /// Otherwise have another thread close the channel at that time, which ends its read and this call with an
    /// exception, or give the child its input yourself, by [Stdio#pipe] and [Child#stdin].
    ///
    /// A channel that returns 0 is read again after a little while, 16 milliseconds at most; a
    /// [non-blocking one][java.nio.channels.SelectableChannel#isBlocking] is refused. The channel stays open.
    ///
    /// @param input what the child reads as its standard input
    /// @param deadline until when to wait
    /// @return its output and its exit
    /// @throws TimeoutException as [#output(Deadline)]
    /// @throws InterruptedException if this thread is interrupted meanwhile, which ends the child
    /// @throws java.nio.channels.IllegalBlockingModeException if the channel is non-blocking; nothing has run
    ///     then, unless it became so meanwhile
    /// @throws IllegalStateException if its standard input was said to come from elsewhere, or as
    ///     [#output(Deadline)]
    /// @throws IOException if the channel cannot be read, which ends the child, or as [#output(Deadline)]
    public Output output(ReadableByteChannel input, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        return new OutputCall(this, maxOutput).output(Objects.requireNonNull(input), deadline);
    }

    private Output unlimited(@Nullable ReadableByteChannel input) throws IOException, InterruptedException {
        try {
            return new OutputCall(this, maxOutput).output(input, Deadline.never());
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /// Starts the child without a socket, with just these descriptors.
    Child spawn(Map<Integer, Stdio> given) throws IOException {
        return spawn(null, given, groupEndsWithChild);
    }

    /// What it was said to have on its descriptors.
    Map<Integer, Stdio> streams() {
        return streams;
    }

    /// The program and its arguments.
    List<String> words() {
        var words = new ArrayList<>(program.words());
        words.addAll(added);
        return words;
    }

    private SpawnAttributes attributes() {
        SpawnAttributes made = attributes;
        if (made == null) {
            made = new SpawnAttributes();
            attributes = made;
        }
        return made;
    }

    private ResourceLimits limits() {
        ResourceLimits made = limits;
        if (made == null) {
            made = new ResourceLimits();
            limits = made;
        }
        return made;
    }

    private PreExec preExec() {
        PreExec made = preExec;
        if (made == null) {
            made = new PreExec(limits());
            preExec = made;
        }
        return made;
    }

    /// Whether the child sets its limits itself.
    boolean limitsItself() {
        return preExec != null && preExec.limits();
    }

    boolean leadsGroup() {
        return attributes != null && attributes.leadsGroup();
    }

    StopTimeouts stopTimeouts() {
        return Objects.requireNonNullElse(timeouts, StopTimeouts.USUAL);
    }

    /// Whether they were said, be they the usual ones.
    boolean hasStopTimeouts() {
        return timeouts != null;
    }

    /// Names the program, for messages to people, and none of its arguments: one of them may be a password.
    @Override
    public String toString() {
        return "Command[" + name + "]";
    }

    private static void requireName(String name) {
        NativeText.require(name);
        if (name.isEmpty() || name.contains("=")) {
            throw new IllegalArgumentException("not the name of a variable: \"" + name + "\"");
        }
    }

    static void requireNumber(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
    }
}
