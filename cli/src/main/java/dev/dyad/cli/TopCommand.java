package dev.dyad.cli;

import dev.dyad.socket.thread.LibraryThreads;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dyad top`: what a JVM that runs has of Dyad's.
@Command(
        name = "top",
        description = {
            "Shows each second how many ends, channels and children a JVM has, how its pools fare, and what has died:"
                    + " on the whole screen of a terminal, and as a line of JSON where there is none.",
            "",
            "It starts a recording of that JVM's flight recorder, as jcmd does, reads the files of that, and stops it at the"
                    + " end. No agent is loaded, and no port opened."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad top [--no-start] PID",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it was left, or the JVM has ended",
            "2:the command line is wrong",
            "66:there is no such process, or it is no JVM",
            "69:no recording runs there, or none can be started",
            "74:the output could not be written",
            "77:the process is another user's"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad top 4711                     until q is pressed, or the JVM ends",
            "  ./dyad top 4711 | jq .children      one line a second, for programs",
            "  ./dyad top --no-start 4711          reads what a recording that runs already tells"
        })
final class TopCommand implements Callable<Integer> {

    private static final long MOMENT = 100; // milliseconds until a key is noticed
    private static final int LAST_MOMENTS = 20; // those that a JVM may have without a recording
    private static final int FEW_FRAMES = 3; // after which one that tells nothing has nothing, or cannot tell
    private static final int PATIENCE = 50; // moments without a frame, after which it is looked why

    @Option(
            names = "--no-start",
            description = "Starts no recording: reads what one that runs already tells, and leaves that JVM as it is."
                    + " Counts of which that tells nothing are null, or - on a terminal.")
    private boolean noStart;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "1", paramLabel = "PID", description = "The process, as jps lists it.")
    private long pid;

    @Override
    public Integer call() throws Exception {
        if (pid < 1) {
            throw new Problem(ExecCommand.USAGE, "a process has a number above 0, not " + pid);
        }
        WatchedJvm jvm = WatchedJvm.of(pid);
        if (!noStart && jvm.isStopped()) { // jcmd would wait for it, and leave it a signal
            throw new Problem(
                    Problem.UNAVAILABLE, "process " + pid + " is stopped: kill -CONT " + pid + " lets it go on");
        }
        var undoing = new Undoing(noStart ? null : new OwnRecording(pid));
        Thread hook = LibraryThreads.hook("dyad-top", undoing::close);
        Runtime.getRuntime().addShutdownHook(hook); // Ctrl-C, or a reader that goes away
        try (undoing) {
            if (undoing.recording != null) {
                stopAbandoned(undoing.recording.start());
            }
            TopView view = undoing.open(pid);
            if (view == null) {
                return 0; // the hook runs, and says with which code we end
            }
            try (TopEvents events = TopEvents.of(pid, repository(jvm), !noStart)) {
                watch(jvm, events, view);
            }
        }
        if (!jvm.isAlive()) {
            System.err.println("dyad top: process " + pid + " has ended");
        }
        return 0;
    }

    /// Stops the recordings of those that were killed before they could.
    private void stopAbandoned(List<Long> starters) throws Problem {
        for (long starter : starters) {
            if (ProcessHandle.of(starter).isEmpty() && OwnRecording.stop(pid, starter)) {
                System.err.println(
                        "dyad top: stopped the recording " + OwnRecording.name(starter) + ", whose dyad top has ended");
            }
        }
    }

    /// What is undone at the end, however we end, and whenever: what has been is not begun any more.
    private static final class Undoing implements AutoCloseable {

        private final @Nullable OwnRecording recording;
        private @Nullable TopView view; // guarded by this
        private boolean closed; // guarded by this

        Undoing(@Nullable OwnRecording recording) {
            this.recording = recording;
        }

        /// Begins to show, unless it is closed.
        synchronized @Nullable TopView open(long pid) throws IOException {
            if (!closed) {
                view = isOnTerminal() ? TopScreen.open(pid) : new TopLines(System.out);
            }
            return view;
        }

        @Override
        public void close() {
            try {
                closeView();
            } finally {
                if (recording != null) {
                    recording.close();
                }
            }
        }

        private synchronized void closeView() {
            closed = true;
            if (view != null) {
                view.close();
            }
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it still is where a standard stream is no terminal
    private static boolean isOnTerminal() {
        Console console = System.console();
        String kind = System.getenv("TERM");
        return console != null && console.isTerminal() && kind != null && !kind.isEmpty() && !kind.equals("dumb");
    }

    private Path repository(WatchedJvm jvm) throws Problem {
        return jvm.repository()
                .orElseThrow(() -> new Problem(
                        Problem.UNAVAILABLE,
                        "process " + pid + " has no recording that writes to a disk; this starts one: "
                                + OwnRecording.commandLine(pid)));
    }

    /// Waits a little: a JVM that ends by itself or by SIGTERM stops its recordings before it is gone.
    private static boolean staysAlive(WatchedJvm jvm, TopView view) throws InterruptedException {
        for (int i = 0; i < LAST_MOMENTS && jvm.isAlive() && !view.isLeft(); i++) {
            jvm.awaitEnd(MOMENT);
        }
        return jvm.isAlive() && !view.isLeft();
    }

    private void watch(WatchedJvm jvm, TopEvents events, TopView view) throws Problem, InterruptedException {
        int silence = 0;
        int shown = 0;
        while (jvm.isAlive() && !view.isLeft()) {
            var frame = events.next(MOMENT);
            if (frame.isPresent()) {
                silence = 0;
                view.show(frame.get());
                if (++shown >= FEW_FRAMES && events.isSilent() && !noStart) {
                    view.note("process " + pid + " has nothing of Dyad's, or no module jdk.jfr: see docs/guide/jfr.md");
                }
            } else if (events.hasEnded() || ++silence % PATIENCE == 0) {
                if ((events.hasEnded() || jvm.repository().isEmpty()) && staysAlive(jvm, view)) {
                    throw new Problem(Problem.UNAVAILABLE, "process " + pid + " records no more");
                }
                if (silence == PATIENCE) {
                    view.warn("process " + pid + " has told nothing for 5 s: it may be stopped");
                }
            }
        }
    }
}
