package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dyad.message.Closed;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a pool is told of the end of a request.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class RequestOutcomesTest {

    /// Answers a long request before it has read it, and reads no more of it.
    private static final String EARLY = """
            import os, select, socket, struct
            parent = socket.socket(fileno=3)
            pid = str(os.getpid()).encode()
            while head := parent.recv(4, socket.MSG_WAITALL):
                length = struct.unpack('>I', head)[0]
                if length <= 65536:
                    parent.recv(length, socket.MSG_WAITALL)
                parent.sendall(struct.pack('>I', len(pid)) + pid)
                if length > 65536:
                    end = select.poll()
                    end.register(parent, 0)
                    end.poll()
                    os._exit(0)
            """;

    private static final class Stopped implements MemberProcesses {
        private final List<Member> members = new ArrayList<>();

        @Override
        public void stop(Member member) {
            members.add(member);
            member.process.stop(member.how);
        }

        @Override
        public void kill(Member member) {
            throw new AssertionError("it has ended");
        }
    }

    private static void fail(WorkerEvent event) {
        if (event instanceof WorkerEvent.Failed) {
            throw new OutOfMemoryError("on purpose");
        }
    }

    @Test
    void a_worker_is_stopped_though_the_word_of_its_end_meets_a_lack_of_memory() throws Exception {
        Command command = Command.of("sh", "-c", "exit 3");
        PoolSettings settings = WorkerPlan.of(command).workers(1).settings();
        var stopped = new Stopped();
        var pool = new Pool(settings, new PoolHost(stopped, RequestOutcomesTest::fail, System::nanoTime, most -> most));
        var outcomes = new RequestOutcomes(pool, settings, new RunningTasks());
        Place place = pool.places().getFirst();
        assertThat(pool.untilStart(place)).isZero();
        WorkerProcess process = WorkerProcess.start(command, settings);
        Member member = pool.started(place, process.pid(), process);
        pool.ready(member, false);
        var ticket = new Ticket(null);
        pool.take();
        pool.ask(ticket);
        assertThat(ticket.member()).isSameAs(member);
        RequestFailedException failed = catchThrowableOfType(
                RequestFailedException.class, () -> process.requests().call(words("pid"), Deadline.after(LIMIT)));

        var _ = process.requests().channel().onClosed().get(); // which is known, or the pool would be told later

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> outcomes.failed(member, failed));
        assertThat(member.underWay).isZero();
        assertThat(stopped.members).containsExactly(member);
    }

    /// As its process may end as soon as the channel does, before the thread of the request has told the pool.
    @Test
    void the_end_of_a_worker_whose_channel_a_request_has_closed_is_left_to_that() throws Exception {
        Command command = Command.of("sh", "-c", "cat <&3 >&3");
        PoolSettings settings = WorkerPlan.of(command).workers(1).settings();
        var stopped = new Stopped();
        var events = new ToldEvents();
        var pool = new Pool(settings, new PoolHost(stopped, events, System::nanoTime, most -> most));
        Place place = pool.places().getFirst();
        assertThat(pool.untilStart(place)).isZero();
        WorkerProcess process = WorkerProcess.start(command, settings);
        Member member = pool.started(place, process.pid(), process);
        pool.ready(member, false);
        pool.take();
        pool.ask(new Ticket(null));

        new PlaceKeeper(pool, place, settings, events).tellEnd(member, new Closed.Here("late"), "Exited[code=0]");
        assertThat(stopped.members).isEmpty();
        pool.answeredLast(member, "it has not read the request to its end");

        assertThat(stopped.members).containsExactly(member);
        assertThat(events.of(WorkerEvent.Retired.class)).hasSize(1);
        assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
    }

    @Test
    void a_worker_that_has_answered_early_has_not_failed_for_our_deadline() throws Exception {
        var events = new ToldEvents();
        try (Workers workers =
                WorkerPlan.of(python("-c", EARLY)).workers(1).onEvent(events).start()) {
            long before = ask(workers, "pid");

            ByteBuffer answer = workers.call(ByteBuffer.allocate(5 << 20), Deadline.after(PythonWorkers.SHORT));

            assertThat(answer).isEqualTo(words(Long.toString(before)));
            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            assertThat(events.await(WorkerEvent.Retired.class, 1))
                    .extracting(WorkerEvent.Retired::why)
                    .containsExactly("it has not read the request to its end");
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }
}
