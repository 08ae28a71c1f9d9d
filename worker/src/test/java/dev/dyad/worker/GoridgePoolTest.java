package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.pids;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Sampled;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests.Payload;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers of RoadRunner's kind that ask to be replaced: they have not failed.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(60)
class GoridgePoolTest {

    /// Answers with its pid, or asks to be replaced: instead of an answer, after it, or for its exit, and once where
    /// it has read only the beginning of a long request.
    private static final String WORKER = """
            import os, select, socket, struct, zlib
            parent = socket.socket(fileno=3)
            def frame(flags, body, *context):
                head = bytes([0x13 + len(context), flags]) + struct.pack('<I', len(body))
                options = b''.join(struct.pack('<I', each) for each in context)
                return head + struct.pack('<I', zlib.crc32(head)) + b'\\0\\0' + options + body
            def read(count):
                read = b''
                while len(read) < count:
                    more = parent.recv(count - len(read))
                    if not more:
                        os._exit(0)
                    read += more
                return read
            stop = frame(4, b'{"stop":true}', 13)
            answer = frame(4, str(os.getpid()).encode())
            while True:
                head = read(12)
                read(4 * ((head[0] & 15) - 3))
                length = struct.unpack_from('<I', head, 2)[0]
                if length > 65536:
                    file = read(100).decode().strip()
                    if not os.path.exists(file):
                        open(file, 'w').close()
                        parent.sendall(stop)
                        end = select.poll()
                        end.register(parent, 0)
                        end.poll()
                        os._exit(0)
                    read(length - 100)
                    parent.sendall(answer)
                    continue
                what, _, file = read(length).decode().partition(' ')
                if head[1] & 1:
                    if 'stop' in what:
                        os._exit(0)
                    parent.sendall(frame(9, b'{"pid":%d}' % os.getpid()))
                elif what == 'refuse' or (what == 'refuse_once' and not os.path.exists(file)):
                    open(file or os.devnull, 'w').close()
                    parent.sendall(stop)
                elif what == 'leave':
                    parent.sendall(stop)
                    os._exit(0)
                elif what == 'answer_and_refuse':
                    parent.sendall(answer + stop)
                elif what == 'answer_and_leave':
                    parent.sendall(answer + stop)
                    os._exit(0)
                else:
                    parent.sendall(answer)
            """;

    private final ToldEvents events = new ToldEvents();

    private Workers start(int workers) throws Exception {
        Workers started = WorkerPlan.of(python("-c", WORKER))
                .wire(Wire.goridge())
                .exchange(Exchange.GORIDGE)
                .workers(workers)
                .onEvent(events)
                .start();
        awaitReady(started);
        return started;
    }

    private void assertRetired(int number) {
        assertThat(events.await(WorkerEvent.Retired.class, number))
                .hasSize(number)
                .allSatisfy(retired -> assertThat(retired.why()).isEqualTo("the worker has asked to be replaced"));
        assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
    }

    @Test
    void a_request_that_one_worker_refuses_is_asked_of_another(@TempDir Path folder) throws Exception {
        try (Workers workers = start(2)) {
            var before = pids(workers);

            long answered = ask(workers, "refuse_once " + folder.resolve("refused"));

            assertThat(before).contains(answered);
            assertRetired(1);
        }
    }

    @Test
    void one_that_is_refused_before_it_was_sent_whole_is_asked_of_another(@TempDir Path folder) throws Exception {
        try (Workers workers = start(2)) {
            var before = pids(workers);

            long answered = ask(workers, folder.resolve("refused") + " ".repeat(1 << 20));

            assertThat(before).contains(answered);
            assertRetired(1);
        }
    }

    @Test
    void a_request_that_every_worker_refuses_fails_and_harms_no_other() throws Exception {
        try (Workers workers = start(2)) {
            CompletableFuture<ByteBuffer> refused = submit(workers, "refuse");
            while (!refused.isDone()) {
                assertThat(ask(workers, "pid")).isPositive();
            }

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(refused::get)
                    .withMessageContaining("3 workers have asked to be replaced instead of answering it")
                    .satisfies(failed -> assertRefused((RequestFailedException) failed.getCause()));
            assertThat(ask(workers, "pid")).isPositive();
            assertRetired(3);
        }
    }

    private static void assertRefused(RequestFailedException failed) {
        assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
        assertThat(failed.mayHaveRun()).isFalse();
        assertThat(failed.closed()).hasValue(new Closed.AskedToStop());
    }

    @Test
    void one_that_refuses_and_exits_has_not_failed_whatever_is_seen_first() throws Exception {
        try (Workers workers = start(1)) {
            assertRefused(failure(workers, "leave", LIMIT));

            assertRetired(2);
        }
    }

    @Test
    void a_request_with_a_context_that_one_worker_refuses_is_asked_of_another(@TempDir Path folder) throws Exception {
        try (Workers workers = start(2)) {
            var before = pids(workers);

            Payload answer = workers.call(
                    new Payload(words(""), words("refuse_once " + folder.resolve("refused"))), Deadline.after(LIMIT));

            assertThat(before).contains(Long.parseLong(text(answer.body())));
            assertRetired(1);
        }
    }

    @Test
    void a_pool_of_another_exchange_has_no_contexts() throws Exception {
        try (Workers workers =
                WorkerPlan.of(python("-c", PythonWorkers.WORKER)).workers(1).start()) {
            var request = new Payload(words(""), words("pid"));

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> workers.call(request, Deadline.never()))
                    .withMessage("contexts are of goridge's exchange, not of IN_TURN");
            assertThat(workers.statistics().failures()).isZero();
        }
    }

    @Test
    void one_that_wants_to_be_replaced_after_an_answer_is_asked_nothing_more() throws Exception {
        try (Workers workers = start(1)) {
            long before = ask(workers, "answer_and_refuse");

            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            assertRetired(1);
        }
    }

    @Test
    void one_that_exits_after_it_wanted_to_be_replaced_has_not_failed() throws Exception {
        try (Workers workers = start(1)) {
            long before = ask(workers, "answer_and_leave");

            assertRetired(1);
            assertThat(ask(workers, "pid")).isNotEqualTo(before);
        }
    }

    @Test
    void one_that_asks_to_be_replaced_instead_of_getting_ready_has_not_failed() throws Exception {
        try (Workers _ = WorkerPlan.of(python("-c", WORKER))
                .wire(Wire.goridge())
                .exchange(Exchange.GORIDGE)
                .workers(1)
                .readyBy(LIMIT, words("leave"))
                .giveUpAfter(1)
                .onEvent(events)
                .start()) {
            assertThat(events.await(WorkerEvent.Retired.class, 2))
                    .extracting(WorkerEvent.Retired::why)
                    .containsOnly("the worker has asked to be replaced");
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    /// Its process may be gone before the thread that has started it tells the pool that it is ready.
    @Test
    void one_that_leaves_before_it_is_known_to_be_ready_has_not_failed() throws Exception {
        PoolSettings settings =
                WorkerPlan.of(Command.of("none")).workers(1).giveUpAfter(1).settings();
        var stopped = new ArrayList<Member>();
        MemberProcesses processes = new MemberProcesses() {
            @Override
            public void stop(Member member) {
                stopped.add(member);
            }

            @Override
            public void kill(Member member) {
                throw new AssertionError("it has ended");
            }
        };
        var pool = new Pool(settings, new PoolHost(processes, events, System::nanoTime, most -> most));
        Place place = pool.places().getFirst();
        assertThat(pool.untilStart(place)).isZero();
        Member member = pool.started(place, 1, null);

        pool.left(member, new Closed.AskedToStop().toString());
        pool.ready(member, true);

        assertRetired(1);
        assertThat(stopped).containsExactly(member);
        assertThat(place.leavesInARow).isOne();
    }

    @Test
    void those_that_want_to_be_replaced_before_any_answer_are_started_after_longer_and_longer_pauses()
            throws Exception {
        try (Workers workers = start(1)) {
            assertRefused(failure(workers, "refuse", LIMIT));
            assertRefused(failure(workers, "refuse", LIMIT));

            assertThat(events.await(WorkerEvent.BackedOff.class, 3))
                    .extracting(WorkerEvent.BackedOff::pause)
                    .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
            assertThat(ask(workers, "answer_and_refuse")).isPositive();
            assertThat(ask(workers, "pid")).isPositive();
            assertThat(events.of(WorkerEvent.BackedOff.class)).hasSize(3);
            assertRetired(5);
        }
    }
}
