package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.awaitGone;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.signal;
import static dev.dyad.worker.PythonWorkers.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.PendingSignals;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of the processes that a worker has started when it crashes.
@Timeout(60)
class WorkerGroupTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// Answers with the pid of a child of its own, and crashes at the second request.
    private static final String CRASHES = """
            import os, subprocess
            from multiprocessing.connection import Connection
            parent = Connection(3)
            left = subprocess.Popen(['sleep', '600'])
            parent.recv_bytes()
            parent.send_bytes(str(left.pid).encode())
            parent.recv_bytes()
            os._exit(7)
            """;

    private static final String LEAVES_WHAT_BLOCKS = PendingSignals.BLOCKS_SIGTERM + CRASHES;

    /// Returns what a worker leaves behind that has crashed.
    private static ProcessHandle leftBy(Workers workers) throws IOException {
        ProcessHandle left = handle(workers.call(UTF_8.encode("who?"), Deadline.after(LIMIT)));
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> workers.call(UTF_8.encode("crash"), Deadline.after(LIMIT)))
                .withMessageContaining("Exited[code=7]");
        return left;
    }

    private static ProcessHandle handle(ByteBuffer pid) {
        return ProcessHandle.of(Long.parseLong(UTF_8.decode(pid).toString())).orElseThrow();
    }

    /// Returns whether it has ended, though nobody may have taken its exit.
    private static boolean hasEnded(ProcessHandle process) {
        return !process.isAlive() || process.info().command().isEmpty();
    }

    private static Workers one(Command command) {
        return WorkerPlan.of(command).workers(1).start();
    }

    @Test
    void what_a_crashed_worker_leaves_in_its_group_is_ended() throws Exception {
        try (Workers workers = one(python("-c", CRASHES).processGroup())) {
            ProcessHandle left = leftBy(workers);

            Await.until(() -> hasEnded(left), LIMIT);
        }
    }

    @Test
    void what_one_without_a_group_of_its_own_leaves_goes_on() throws Exception {
        try (Workers workers = one(python("-c", LEAVES_WHAT_BLOCKS))) {
            ProcessHandle left = leftBy(workers);
            try {
                assertThat(PendingSignals.haveSigterm(left)).isFalse();
            } finally {
                left.destroyForcibly();
            }
        }
    }

    @Test
    void a_child_that_is_no_worker_of_the_same_command_does_not_end_its_group() throws Exception {
        Command command = python("-c", LEAVES_WHAT_BLOCKS).processGroup();
        try (Workers workers = one(command)) {
            ProcessHandle left = leftBy(workers);
            try {
                assertThat(PendingSignals.haveSigterm(left)).isTrue(); // the pool has started one
            } finally {
                left.destroyForcibly();
            }
        }
        try (Child child = command.spawn();
                var requests = Requests.over(MessageChannel.to(child, Wire.framed()), Exchange.IN_TURN)) {
            ByteBuffer pid = requests.call(UTF_8.encode("who?"), Deadline.after(LIMIT));
            ProcessHandle left = handle(pid);
            try {
                assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> requests.call(UTF_8.encode("crash"), Deadline.after(LIMIT)));
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(7));
                assertThat(PendingSignals.haveSigterm(left)).isFalse();
            } finally {
                left.destroyForcibly();
            }
        }
    }

    /// Has two children, one of which ends with it, and answers with their pids.
    private static final String HAS_CHILDREN = """
            import signal, subprocess, time
            from multiprocessing.connection import Connection
            parent = Connection(3)
            ends = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', 'sleep', '600'])
            while open(f'/proc/{ends.pid}/comm').read().strip() != 'sleep':
                time.sleep(0.005)
            stays = subprocess.Popen(['sleep', '600'])
            parent.recv_bytes()
            parent.send_bytes(f'{ends.pid} {stays.pid}'.encode())
            signal.pause()
            """;

    /// Is killed with a worker whose group nobody ends then.
    static final class KilledWithWorker {
        public static void main(String[] arguments) throws Exception {
            Command command = python("-c", HAS_CHILDREN).processGroup().parentDeathSignal(Signal.KILL);
            try (Workers workers = one(command)) {
                System.out.println(text(workers.call(UTF_8.encode("who?"), Deadline.after(LIMIT))));
                signal("-KILL", ProcessHandle.current().pid());
            }
        }
    }

    @Test
    void what_a_worker_has_started_ends_with_a_killed_jvm_where_the_kernel_was_asked_for_that() throws Exception {
        JavaProbe.Result killed = JavaProbe.of(KilledWithWorker.class).run();

        assertThat(killed.exit()).as(killed.toString()).isEqualTo(137);
        String[] pids = killed.outText().strip().split(" ", -1);
        awaitGone(Long.parseLong(pids[0]));
        ProcessHandle stays = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();
        assertThat(hasEnded(stays)).isFalse();
        stays.destroyForcibly();
    }
}
