package dev.dyad.interop;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.TestLength;
import dev.dyad.message.RequestFailedException;
import dev.dyad.posix.Faults;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Walks the calls that an operation of a channel makes on its own thread: each fails in turn, in several ways.
final class ChannelFaultWalk {

    private static final int MOST_CALLS = 200;
    private static final int TRIES = 100; // for a run that comes to another call, as where a wake comes late
    private static final int LIMIT_SECONDS = 60;

    private static final List<Errno> OF_ALL = List.of(Errno.EINTR, Errno.EMFILE, errno("ENOMEM"), errno("ENOBUFS"));
    private static final List<Errno> OF_TRANSFERS =
            List.of(Errno.EINTR, Errno.EAGAIN, errno("ENOMEM"), Errno.ECONNRESET);

    private final Operation operation;
    private final List<String> complaints = new ArrayList<>();
    private int met;

    private ChannelFaultWalk(Operation operation) {
        this.operation = operation;
    }

    /// What is done, on a stage of its own each time, by a thread of a kind.
    ///
    /// @param isSlow whether a failure takes a second, as where a child is waited for: a call fails in one way
    record Operation(String name, ThreadFactory threads, Scene scene, boolean isSlow) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Scene {
        Stage set() throws Exception;
    }

    /// One run, of which nothing but [#run] is watched.
    interface Stage extends Closeable {
        void run() throws Exception;

        void verify(@Nullable Throwable thrown) throws Exception;
    }

    private static Errno errno(String name) {
        return new Errno(Platforms.current().errno(name));
    }

    /// Returns what is wrong with an operation.
    static List<String> complaintsAbout(Operation operation) throws Exception {
        var walk = new ChannelFaultWalk(operation);
        walk.walk();
        return walk.complaints;
    }

    private void walk() throws Exception {
        Outcome _ = run(Faults::watch); // classes are loaded, and pools filled
        Outcome plain = run(Faults::watch);
        if (plain.calls.isEmpty() || plain.wrong != null) {
            complaints.add("without a fault: " + plain);
            return;
        }
        for (int i = 0; i < MOST_CALLS && walk(i); i++) {
            // the next call
        }
        if (met == 0) {
            complaints.add("no fault was met");
        }
    }

    /// @return whether there was such a call
    private boolean walk(int index) throws Exception {
        Outcome plain = run(Faults::watch);
        if (plain.calls.size() <= index) {
            return false;
        }
        String call = plain.calls.get(index);
        for (Errno errno : errors(call)) {
            Outcome outcome = run(() -> Faults.refuse(index, call, errno.code()));
            for (int i = 0; i < TRIES && !outcome.isMet(index, call); i++) {
                outcome = run(() -> Faults.refuse(index, call, errno.code()));
            }
            if (outcome.isMet(index, call)) {
                met++;
                judge("%s (%d) fails with %s".formatted(call, index, errno.name()), errno, outcome);
            }
        }
        return true;
    }

    private List<Errno> errors(String call) {
        List<Errno> all = isTransfer(call) ? OF_TRANSFERS : OF_ALL;
        return operation.isSlow ? List.of(all.getLast()) : TestLength.oneOrAll(all);
    }

    private static boolean isTransfer(String call) {
        return call.startsWith("send")
                || call.startsWith("recv")
                || call.startsWith("read")
                || call.startsWith("write");
    }

    private void judge(String fault, Errno errno, Outcome outcome) {
        if (outcome.wrong != null) {
            complaints.add(fault + ": " + outcome);
        } else if (outcome.thrown != null && !isTold(outcome.thrown, errno)) {
            complaints.add(fault + " and becomes " + outcome);
        }
    }

    /// Whether an exception is of a type that is promised, and has the call's error as its cause.
    private static boolean isTold(Throwable thrown, Errno errno) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SystemCallException told && told.errno().equals(errno)) {
                return true;
            }
        }
        return thrown instanceof RequestFailedException failed
                && failed.closed().toString().contains(errno.name());
    }

    /// What came of one run.
    ///
    /// @param wrong what should not be, or `null`
    private record Outcome(
            List<String> calls,
            @Nullable Throwable thrown,
            @Nullable Object wrong) {

        boolean isMet(int index, String call) {
            return calls.size() > index && calls.get(index).equals(call);
        }
    }

    private Outcome run(Runnable watch) throws Exception {
        Map<Integer, String> before = open();
        List<String> calls = new ArrayList<>();
        Throwable thrown = null;
        Object wrong = null;
        try (Stage stage = operation.scene.set()) {
            thrown = thrownBy(stage, watch, calls);
            if (thrown instanceof TimeoutException) {
                wrong = List.of(thrown.getStackTrace());
            }
            stage.verify(thrown);
        } catch (Exception | AssertionError e) {
            wrong = wrong == null ? e : wrong;
        }
        Map<Integer, String> after = open();
        after.entrySet().removeAll(before.entrySet());
        return new Outcome(calls, thrown, wrong == null && !after.isEmpty() ? "left open: " + after : wrong);
    }

    private @Nullable Throwable thrownBy(Stage stage, Runnable watch, List<String> calls) throws InterruptedException {
        var running = new FutureTask<@Nullable Void>(() -> {
            watch.run();
            try {
                stage.run();
            } finally {
                calls.addAll(Faults.end());
            }
            return null;
        });
        Thread thread = operation.threads.newThread(running);
        thread.start();
        try {
            var _ = running.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            e.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            return e;
        }
    }

    /// Returns what is open, but for the pools of those that wait, and what loading classes opens.
    private static Map<Integer, String> open() {
        Map<Integer, String> open = Descriptors.targets();
        open.values()
                .removeIf(target -> Stream.of("[eventfd]", "[eventpoll]", ".jar", ".class", "/lib/modules", "random")
                        .anyMatch(target::endsWith));
        return open;
    }
}
