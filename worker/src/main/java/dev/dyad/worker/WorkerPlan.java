package dev.dyad.worker;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.pool.PoolSpawn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Says what workers there shall be, as a [Command] says what a child shall be.
///
/// Nothing but the command has to be said. May be started any number of times. Not for several threads at once.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="plan"}
public final class WorkerPlan {

    private static final int QUEUE = 1_000;
    private static final int GIVE_UP = 5;
    private static final int MOST_PLACES = 65_536; // each takes memory and a thread, though it may have no worker

    private final List<Command> commands;
    private int leastWorkers;
    private int mostWorkers;
    private int spares;
    private Wire wire = Wire.framed();
    private Exchange exchange = Exchange.IN_TURN;
    private int queue = QUEUE;
    private int atOnce = 1;
    private int askAgain;
    private int giveUpAfter = GIVE_UP;
    private long recycleAfter = Long.MAX_VALUE;
    private Duration recycleAge = Duration.ofNanos(Long.MAX_VALUE);
    private long recycleAbove = Long.MAX_VALUE;
    private long limit = MessageChannel.DEFAULT_LIMIT;
    private @Nullable Duration readyBy;
    private @Nullable ByteBuffer first;
    private Duration closedByHook = Duration.ZERO;
    private Consumer<? super WorkerEvent> listener = _ -> {};

    private WorkerPlan(List<Command> commands) {
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
        this.commands = List.copyOf(commands);
        leastWorkers = Math.max(commands.size(), Runtime.getRuntime().availableProcessors());
        mostWorkers = leastWorkers;
    }

    /// Returns a plan of children of one command. Later changes to the command are for children that are started
    /// later. The process group that a worker leads, if the command has it lead one,
    /// [ends with it][Command#endGroupWithChild], whatever the command says of that.
    ///
    /// A worker has nothing to read as its standard input, as with [dev.dyad.process.Stdio#ignore], unless the
    /// command sets one: a worker that inherited ours would take what is meant for this program.
    ///
    /// @param command how a worker is started; by one thread at a time
    /// @return the plan
    public static WorkerPlan of(Command command) {
        return new WorkerPlan(List.of(command));
    }

    /// Returns a plan of children that are JVMs like this one. Later changes to the command are for no worker.
    ///
    /// {@snippet file="dev/dyad/worker/examples/JavaWorkersExampleTest.java" region="java"}
    ///
    /// @param command what each worker runs
    /// @return the plan
    public static WorkerPlan of(JavaCommand command) {
        return of(command.command());
    }

    /// Returns a plan of children of several commands, such as one for each machine: `ssh a …`, `ssh b …`. The
    /// first worker is of the first command, the second of the second, and so on, again and again. Each has
    /// failures and pauses of its own. Process groups and standard input are as in [#of(Command)].
    ///
    /// @param commands how workers are started, one or more; by one thread at a time
    /// @return the plan
    public static WorkerPlan of(List<Command> commands) {
        return new WorkerPlan(commands);
    }

    /// Sets how many workers there are.
    ///
    /// @param number one or more, and with the spares 65,536 at most; as many as processors unless said, and at
    ///     least one of each command
    /// @return this
    public WorkerPlan workers(int number) {
        return workers(number, number);
    }

    /// Sets how many workers there are at least and at most. While requests wait, one more is started, each second at
    /// most; one that has had nothing to do for a minute is ended.
    ///
    /// @param least one or more
    /// @param most at least as many, and with the spares 65,536 at most
    /// @return this
    public WorkerPlan workers(int least, int most) {
        between(1, least, MOST_PLACES, "workers");
        between(least, most, MOST_PLACES, "most workers");
        leastWorkers = least;
        mostWorkers = most;
        return this;
    }

    /// Sets how many spare workers are started and ready. A spare is asked only while another worker is away, in
    /// its place and for its keys.
    ///
    /// @param ready zero or more, and with the workers 65,536 at most; none unless said
    /// @return this
    public WorkerPlan spares(int ready) {
        spares = between(0, ready, MOST_PLACES, "spares");
        return this;
    }

    /// Sets how messages lie in the workers' streams.
    ///
    /// @param wire the wire; [Wire#framed] unless said
    /// @return this
    public WorkerPlan wire(Wire wire) {
        this.wire = requireNonNull(wire);
        return this;
    }

    /// Sets how an answer is known to be of its request.
    ///
    /// @param exchange the exchange; [Exchange#IN_TURN] unless said
    /// @return this
    public WorkerPlan exchange(Exchange exchange) {
        this.exchange = requireNonNull(exchange);
        return this;
    }

    /// Makes a worker ready only once it has answered a request, and ends it if that takes too long. It counts
    /// as failed then.
    ///
    /// @param within how long it may take from its start
    /// @param first what it is asked, which is copied
    /// @return this
    public WorkerPlan readyBy(Duration within, ByteBuffer first) {
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("a worker is ready after some time, not within " + within);
        }
        readyBy = within;
        this.first =
                ByteBuffer.allocate(first.remaining()).put(first.duplicate()).flip();
        return this;
    }

    /// Sets how many requests may wait for a worker; the next one is refused at once.
    ///
    /// @param most zero or more; 1,000 unless said
    /// @return this
    public WorkerPlan queue(int most) {
        queue = atLeast(0, most, "requests that wait");
        return this;
    }

    /// Sets how many requests one worker has at once.
    ///
    /// @param requests one unless said; more only where the exchange is [numbered][Exchange#NUMBERED]
    /// @return this
    public WorkerPlan atOnce(int requests) {
        atOnce = atLeast(1, requests, "requests at once");
        return this;
    }

    /// Replaces a worker after so many requests, less up to a tenth, so that not all go together. Its successor is
    /// ready before it leaves, between two requests.
    ///
    /// @param requests one or more; none are replaced unless said
    /// @return this
    public WorkerPlan recycleAfter(long requests) {
        if (requests < 1) {
            throw new IllegalArgumentException("a worker answers at least one request, not " + requests);
        }
        recycleAfter = requests;
        return this;
    }

    /// Replaces a worker at an age, less up to a tenth, as after [so many requests][#recycleAfter(long)].
    ///
    /// @param age more than zero; none are replaced unless said
    /// @return this
    public WorkerPlan recycleAfter(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("a worker is replaced after some time, not after " + age);
        }
        recycleAge = age;
        return this;
    }

    /// Sets the longest message that a worker may answer with, as [MessageChannel#limit]. One that begins a longer
    /// one has failed, before a byte is allocated for it.
    ///
    /// @param bytes the limit; [MessageChannel#DEFAULT_LIMIT] unless said
    /// @return this
    public WorkerPlan limit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes");
        }
        limit = bytes;
        return this;
    }

    /// Replaces a worker that uses more memory, as after [so many requests][#recycleAfter(long)]. This is looked at
    /// after an answer, once a second at most.
    ///
    /// @param residentBytes how much of it and of its children may be in memory; any amount unless said
    /// @return this
    public WorkerPlan recycleAbove(long residentBytes) {
        if (residentBytes < 1) {
            throw new IllegalArgumentException("a worker uses some memory, not " + residentBytes + " bytes");
        }
        recycleAbove = residentBytes;
        return this;
    }

    /// Asks another worker where the first one ended: for requests that may run twice. What has certainly not run is
    /// asked again in any case.
    ///
    /// @param times how often; 0 unless said
    /// @return this
    public WorkerPlan askAgain(int times) {
        askAgain = atLeast(0, times, "times to ask again");
        return this;
    }

    /// Has requests fail once every worker has failed so many times in a row, until one has answered: what [#readyBy]
    /// asks, or a request that found it free. The time between two tries grows from a tenth of a second to half a
    /// minute.
    ///
    /// A worker has failed if it ends by itself, or does not get ready; one that is late has not. A row of
    /// failures ends with an answer. It also ends where a request ends a worker that had answered what
    /// [#readyBy] asks, or had introduced itself as goridge's do: so a request that kills every worker takes
    /// none from other callers, which wait for the next worker, a second at most. A [reload][Workers#reload]
    /// makes no pause.
    ///
    /// @param failures one or more; 5 unless said
    /// @return this
    public WorkerPlan giveUpAfter(int failures) {
        giveUpAfter = atLeast(1, failures, "failures");
        return this;
    }

    /// Leaves it to the program to close the workers as the JVM ends, by a shutdown hook of its own, and gives that
    /// some time: until then they go on as before. Unless said, they are ended at once, as all children, while the
    /// hooks of the program run.
    ///
    /// {@snippet file="dev/dyad/worker/examples/ClosedByHookExampleTest.java" region="closed-by-hook"}
    ///
    /// @param within how long the JVM waits for the [close][Workers#close] at most, before it ends them, and every
    ///     other child; zero or more
    /// @return this
    public WorkerPlan closedByHook(Duration within) {
        if (within.isNegative()) {
            throw new IllegalArgumentException("workers are closed after some time, not within " + within);
        }
        closedByHook = within;
        return this;
    }

    /// Tells a listener each event: one after the other, on a thread of the pool's own, for which no
    /// worker and no request waits. While 4,096 events wait for a slow listener, new ones are dropped.
    ///
    /// @param listener what is told; what it throws is told to the thread's handler of uncaught exceptions
    /// @return this
    public WorkerPlan onEvent(Consumer<? super WorkerEvent> listener) {
        this.listener = requireNonNull(listener);
        return this;
    }

    /// Starts the workers, without [waiting][Workers#awaitReady] until they are ready.
    ///
    /// @return the workers, to be closed
    /// @throws IllegalArgumentException if more than one request at once is asked for, and the exchange
    ///     is not numbered; if workers and spares are more than 65,536; or if a command gives its children
    ///     nothing to be asked over
    /// @throws UnsupportedOperationException where there is no native access, without which no child is started
    /// @throws OutOfMemoryError if the system has no thread for one of them
    public Workers start() {
        PoolSpawn.requireNative();
        return new Workers(settings());
    }

    /// Returns what makes sense of all that was said.
    PoolSettings settings() {
        commands.forEach(WorkerPlan::requireWayToAsk);
        if (atOnce > 1 && exchange != Exchange.NUMBERED) {
            throw new IllegalArgumentException(
                    "only with numbered requests a worker has more than one at once, not with " + exchange);
        }
        if (mostWorkers < commands.size()) {
            throw new IllegalArgumentException(
                    commands.size() + " commands are started by as many workers or more, not by " + mostWorkers);
        }
        between(1, mostWorkers + spares, MOST_PLACES, "workers and spares");
        if (exchange == Exchange.GORIDGE && !wire.equals(Wire.goridge())) {
            throw new IllegalArgumentException("goridge's requests go over Wire.goridge(), not over " + wire);
        }
        return new PoolSettings(
                commands,
                leastWorkers,
                mostWorkers,
                spares,
                wire,
                exchange,
                limit,
                queue,
                atOnce,
                askAgain,
                giveUpAfter,
                recycleAfter,
                recycleAge,
                recycleAbove,
                readyBy,
                first,
                closedByHook,
                listener);
    }

    private static void requireWayToAsk(Command command) {
        if (!command.hasSocketOrPipes()) {
            throw new IllegalArgumentException("""
                    no worker of %s could be asked: it has no socket, so say \
                    stdin(Stdio.pipe()) and stdout(Stdio.pipe())""".formatted(command));
        }
        List<Integer> unread = command.outputsToRead();
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("""
                    nobody would read standard %s of a worker of %s, which would wait for room in the pipe: \
                    say Stdio.lastLines(n), a file, or nothing of it""".formatted(unread.getFirst() == 1 ? "output" : "error", command));
        }
    }

    /// Says of what command and how many the workers are, for a log. Arguments may be secret, and are not shown.
    @Override
    public String toString() {
        String commandsSaid = commands.size() == 1 ? commands.getFirst().toString() : commands.toString();
        String number =
                leastWorkers == mostWorkers ? Integer.toString(leastWorkers) : leastWorkers + " to " + mostWorkers;
        return "WorkerPlan[" + commandsSaid + ", " + number + (mostWorkers == 1 ? " worker]" : " workers]");
    }

    private static int between(int least, int number, int most, String of) {
        if (number > most) {
            throw new IllegalArgumentException(of + ": at most " + most + ", not " + number);
        }
        return atLeast(least, number, of);
    }

    private static int atLeast(int least, int number, String of) {
        if (number < least) {
            throw new IllegalArgumentException(of + ": at least " + least + ", not " + number);
        }
        return number;
    }
}
