package dev.dyad.cli;

import dev.dyad.cli.AskedLines.Asked;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerEvent;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import dev.dyad.worker.WorkersStatistics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dyad pool`: each line of our input is a request to one of several workers, and each answer a line.
@CommandLine.Command(
        name = "pool",
        description = {
            "Starts several workers of a command, asks one of them each line of standard input, and prints the answers in"
                    + " the order of the lines: for trying a worker.",
            "",
            "A request that fails is told on standard error, with the number of its line, and so is what happens to workers."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad pool [--workers N] [--seconds S] " + ChannelOptions.SYNOPSIS
                + " [--exchange EXCHANGE] [--at-once N] [--statistics] [--] COMMAND [ARGUMENT…]",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:each line was answered",
            "1:some were not",
            "2:the command line is wrong",
            "69:there are no socket pairs for children on this machine (see ./dyad doctor)",
            "74:our own input or output failed",
            "126:the command is there but can't be run",
            "127:there is no such command"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  seq 1000 | ./dyad pool --workers 4 -- python3 children/worker.py",
            "  seq 1000 | ./dyad pool --exchange numbered --at-once 4 -- python3 children/numbered.py"
        })
final class PoolCommand implements Callable<Integer> {

    private static final Pattern ERRNO = Pattern.compile("\\(([A-Z0-9]+)\\)$"); // of a SystemCallException

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many workers there are: as many as processors unless said.")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "How long a request may take: 60 seconds unless said. A worker that takes longer is replaced.")
    private int seconds = 60;

    @Mixin
    private ChannelOptions channelOptions = new ChannelOptions();

    @Option(
            names = "--exchange",
            paramLabel = "EXCHANGE",
            description =
                    "How it is known which answer is to which request: ${COMPLETION-CANDIDATES}; in-turn unless said."
                            + " What uses dyad.py or dyad.mjs is asked by numbered requests.")
    private NamedExchange exchange = NamedExchange.IN_TURN;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "How many numbered requests a worker has at once: one unless said.")
    private int atOnce = 1;

    @Option(
            names = "--statistics",
            description =
                    "Says at the end, on standard error, how many requests were answered, and how long they waited"
                            + " for a worker and ran.")
    private boolean statistics;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command of a worker, and its arguments.")
    private List<String> command = List.of();

    private final CompletableFuture<@Nullable Problem> firstStart = new CompletableFuture<>();
    private final PrintedOutput out = PrintedOutput.stdout();
    private long failed;
    private final Map<Integer, String> told = new HashMap<>(); // how the worker of a place failed; of one thread

    @Override
    public Integer call() throws Exception {
        ExecCommand.requireNative();
        RawArguments.requireUtf8(command);
        if (seconds < 1) {
            throw new Problem(ExecCommand.USAGE, "a request takes one second or more, not " + seconds);
        }
        try (Workers pool = start()) {
            ask(pool);
            if (statistics) {
                tell(pool.statistics());
            }
        }
        return failed == 0 ? 0 : 1;
    }

    /// Starts them, and waits for the first: where that can't be run, no other could.
    private Workers start() throws Exception {
        Workers pool = started();
        @Nullable Problem why = firstStart.join();
        if (why != null) {
            pool.close();
            throw why;
        }
        return pool;
    }

    private Workers started() throws Problem {
        try {
            return WorkerPlan.of(UserEnvironment.restore(prepared()))
                    .workers(workers)
                    .wire(channelOptions.wire())
                    .exchange(exchange.exchange())
                    .atOnce(atOnce)
                    .queue(2 * AskedLines.AHEAD)
                    .onEvent(this::tell)
                    .start();
        } catch (IllegalArgumentException e) {
            throw new Problem(ExecCommand.USAGE, Problem.sentence(e));
        }
    }

    private Command prepared() {
        return channelOptions.prepared(Command.of(command));
    }

    private void tell(WorkerEvent event) {
        firstStart.complete(whyNotRun(event));
        if (firstStart.join() == null) {
            tellMore(event);
        }
    }

    /// Returns why the command of a worker can't be run, which the shells tell by an exit code, or `null`.
    private static @Nullable Problem whyNotRun(WorkerEvent event) {
        if (!(event instanceof WorkerEvent.Failed failed) || failed.pid() != 0) {
            return null;
        }
        Matcher errno = ERRNO.matcher(failed.how());
        int code = errno.find() ? ExecCommand.exitCode(errno.group(1)) : ExecCommand.NOT_STARTED;
        return code == ExecCommand.NOT_STARTED ? null : new Problem(code, failed.how()); // it may be started later
    }

    private void tellMore(WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Failed failed -> tellOnce(failed);
            case WorkerEvent.Retired retired ->
                System.err.println("dyad pool: worker " + retired.place() + " is replaced: " + retired.why());
            case WorkerEvent.GaveUp gaveUp -> System.err.println("dyad pool: every worker fails: " + gaveUp.how());
            case WorkerEvent.Started _, WorkerEvent.Ready _, WorkerEvent.BackedOff _ -> {}
        }
    }

    /// Tells how a worker has failed, unless the one before it in its place failed in the same way.
    private void tellOnce(WorkerEvent.Failed failure) {
        boolean isTold = failure.how().equals(told.put(failure.place(), failure.how())) && failure.failuresInARow() > 1;
        if (!isTold) {
            System.err.println("dyad pool: worker " + failure.place() + ": " + failure.how());
        }
    }

    private static void tell(WorkersStatistics statistics) {
        System.err.printf(
                Locale.ROOT,
                "dyad pool: %,d answered, %,d failed; workers: %,d started, %,d failed, %,d replaced%n",
                statistics.answered(),
                statistics.failures(),
                statistics.workersStarted(),
                statistics.workersFailed(),
                statistics.workersRetired());
        System.err.println("dyad pool: waited: " + statistics.waited());
        System.err.println("dyad pool: ran: " + statistics.ran());
    }

    /// Prints the answer to each line, while another thread asks those behind it.
    private void ask(Workers pool) throws Exception {
        var lines = AskedLines.start(System.in, line -> pool.submit(line, Deadline.after(Duration.ofSeconds(seconds))));
        for (Asked next = lines.next(); next != null; next = lines.next()) {
            try {
                print(next);
            } catch (IOException e) {
                throw notWritten(e, next, lines.stop());
            }
            lines.printed(next);
        }
    }

    /// Says which lines were answered in vain, since requests may do more than answer.
    private static Problem notWritten(IOException e, Asked at, long last) {
        String where = ", after line " + (at.line() - 1) + "; no line after " + last + " was asked";
        return new Problem(Problem.IO, "standard output: " + Problem.sentence(e) + where);
    }

    private void print(Asked asked) throws IOException, InterruptedException {
        try {
            out.line(TalkCommand.shown(asked.answer().get()));
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof Exception because
                    ? Problem.sentence(because)
                    : String.valueOf(e.getCause());
            failed(asked.line(), why);
        } catch (OutOfMemoryError e) {
            failed(asked.line(), "its answer can't be printed: " + e.getMessage());
        }
    }

    private void failed(long line, String why) {
        failed++;
        System.err.println("dyad pool: line " + line + ": " + why);
    }
}
