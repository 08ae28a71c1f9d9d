package dev.dyad.interop;

import static dev.dyad.interop.RemoteCommands.overPipes;
import static dev.dyad.interop.RemoteCommands.ssh;
import static dev.dyad.interop.SshWorkersTest.LIMIT;
import static dev.dyad.interop.SshWorkersTest.ask;
import static dev.dyad.interop.SshWorkersTest.assertOnlyTheFirstFailed;
import static dev.dyad.interop.SshWorkersTest.awaitState;
import static dev.dyad.interop.SshWorkersTest.failure;
import static dev.dyad.interop.SshWorkersTest.keyOfTheFirst;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerEvent;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A pool with a worker here and one that is reached by `ssh` over a cable between two network namespaces, which is cut
/// and mended.
@NullUnmarked // what is not there fails the test
@Timeout(180)
class CutLinkTest {

    private static final String THERE = "192.0.2.2";

    @TempDir
    private Path folder;

    private NetworkNamespace here;
    private NetworkNamespace there;
    private SshServer server;
    private final List<WorkerEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void connect() throws Exception {
        Interpreters.require("python3");
        here = NetworkNamespace.make();
        there = NetworkNamespace.make();
        NetworkNamespace.connect(here, there);
        server = SshServer.start(folder, THERE, 22, List.of(there.words()));
        Files.writeString(script(), SshWorkersTest.WORKER);
    }

    @AfterEach
    void nothing_is_left() throws Exception {
        try (NetworkNamespace one = here;
                NetworkNamespace other = there;
                SshServer all = server) {
            if (all != null) { // otherwise there are no namespaces on this machine
                one.mend();
                Await.until(() -> all.sessions() == 0, LIMIT);
                Await.until(() -> one.processes().isEmpty(), LIMIT);
                Await.until(() -> other.processes().size() == 1, LIMIT); // the server
            }
        }
    }

    private Path script() {
        return folder.resolve("worker.py");
    }

    /// The worker there is the first one. A machine that does not answer for two seconds is away.
    private Workers start() {
        var options = new ArrayList<>(
                List.of("-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=2", "-o", "ConnectTimeout=2"));
        options.addAll(server.options());
        List<String> words = ssh(options, server.address(), "python3", script().toString());
        Command remote = overPipes(List.of(here.words(words.toArray(String[]::new))));
        Command local = overPipes(List.of("python3", script().toString()));
        Workers workers = WorkerPlan.of(List.of(remote, local))
                .readyBy(LIMIT, UTF_8.encode("pid"))
                .workers(2)
                .onEvent(events::add)
                .start();
        awaitState(workers, 0, Worker.State.READY);
        awaitState(workers, 1, Worker.State.READY);
        return workers;
    }

    @Test
    void a_link_that_is_cut_takes_the_requests_of_its_own_place_which_comes_back_when_it_is_mended() throws Exception {
        try (Workers workers = start()) {
            String local = Long.toString(workers.workers().getLast().pid());
            int key = keyOfTheFirst(workers, local);
            CompletableFuture<RequestFailedException> asked =
                    CompletableFuture.supplyAsync(() -> failure(workers, key, "hang", Deadline.never()));
            awaitState(workers, 0, Worker.State.BUSY);

            here.cut();

            RequestFailedException failed = asked.get();
            assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
            var child = (Closed.ChildEnded) failed.closed().orElseThrow();
            assertThat(child.exit()).isEqualTo(new Exit.Exited(255));
            assertThat(child.lastLines()).anyMatch(line -> line.contains(THERE + " not responding"));
            Await.until(
                    () -> {
                        assertThat(ask(workers, key, "pid")).isEqualTo(local);
                        return events.stream().anyMatch(WorkerEvent.BackedOff.class::isInstance);
                    },
                    LIMIT);

            here.mend();

            Await.until(() -> !ask(workers, key, "pid").equals(local), LIMIT);
            assertOnlyTheFirstFailed(events);
            assertThat(workers.workers().getLast().pid()).hasToString(local);
        }
    }

    @Test
    void a_request_over_a_link_that_is_cut_fails_at_its_deadline() throws Exception {
        try (Workers workers = start()) {
            String local = Long.toString(workers.workers().getLast().pid());
            int key = keyOfTheFirst(workers, local);

            here.cut();

            RequestFailedException late = failure(workers, key, "pid", Deadline.after(Duration.ofSeconds(1)));
            assertThat(late.why()).isEqualTo(Why.EXPIRED_RUNNING);
            assertThat(ask(workers, key, "pid")).isEqualTo(local);
        }
    }

    @Test
    void a_pool_whose_link_is_cut_is_closed_within_the_patience() throws Exception {
        Workers workers = start();
        here.cut();

        workers.close();

        assertThat(here.processes()).isEmpty();
    }

    @Test
    void a_jvm_that_is_killed_while_a_link_is_cut_leaves_nothing_here_and_there() throws Exception {
        var words = new ArrayList<>(List.of(here.words()));
        words.addAll(JavaProbe.of(
                        SshWorkersTest.Parent.class, server.options().getLast(), server.address(), script().toString())
                .command());
        try (Started jvm = new Started(new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start())) {
            assertThat(SshWorkersTest.Parent.pidsThere(jvm.out())).hasSize(2);
            assertThat(here.processes()).hasSize(3);
            here.cut();

            jvm.process().destroyForcibly().waitFor();

            Await.until(() -> here.processes().isEmpty(), LIMIT);
        }
    }
}
