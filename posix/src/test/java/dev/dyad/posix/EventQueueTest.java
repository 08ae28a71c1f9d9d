package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What every kind of event queue does.
@Timeout(60)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"epoll", "poll"})
class EventQueueTest {

    private static final int NOTHING = 1 << 20; // a number that no descriptor has
    private static final String WAITER = "awaits-events";

    private final Calls calls = new Calls();
    private final CallState state = calls.state;
    private final Platform os;
    private final int queueFd;
    private final EventQueue queue;

    EventQueueTest(String poller) {
        os = Platforms.choose(false, poller.equals("poll"), "Linux");
        queueFd = os.openEventQueue(state);
        queue = os.eventQueue(Arena.ofAuto(), queueFd);
    }

    @AfterEach
    void close() {
        assertThat(queue.close(state)).isZero();
        calls.close();
    }

    @Test
    void it_is_close_on_exec() {
        assertThat(Descriptors.open().get(queueFd)).matches(d -> d != null && d.closeOnExec());
    }

    @Test
    void a_key_is_told_once_for_each_time_it_is_armed() {
        int[] pair = calls.pair();

        assertThat(queue.armWritable(state, pair[0], Long.MIN_VALUE + 5)).isZero();
        assertThat(keys()).containsExactly(Long.MIN_VALUE + 5);
        assertThat(keysNow()).isEmpty();

        // Still writable, and not armed: only the other end is told of.
        assertThat(queue.armWritable(state, pair[1], 7)).isZero();
        assertThat(keys()).containsExactly(7L);

        send(pair[1]);
        assertThat(keysNow()).isEmpty();
        assertThat(queue.armReadable(state, pair[0], 9)).isZero();
        assertThat(keys()).containsExactly(9L);
        assertThat(queue.isReadable(0)).isTrue();
        assertThat(queue.isWritable(0)).isFalse();
        assertThat(queue.armReadable(state, pair[0], 10)).isZero();
        assertThat(keys()).containsExactly(10L);
    }

    @Test
    void what_is_watched_is_told_for_as_long_as_it_is_ready() {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], true, false, 1)).isZero();
        assertThat(keysNow()).isEmpty();

        send(pair[1]);
        assertThat(keys()).containsExactly(1L);
        assertThat(queue.isReadable(0)).isTrue();
        assertThat(queue.isWritable(0)).isFalse();
        assertThat(keys()).containsExactly(1L);

        receive(pair[0]);
        assertThat(keysNow()).isEmpty();
        send(pair[1]);
        assertThat(keys()).containsExactly(1L);
    }

    @Test
    void a_watch_changes_into_any_other() {
        int[] pair = calls.pair();
        send(pair[1]);

        assertThat(queue.watch(state, pair[0], false, true, 1)).isZero();
        assertThat(keys()).containsExactly(1L);
        assertThat(queue.isReadable(0)).isFalse();
        assertThat(queue.isWritable(0)).isTrue();

        assertThat(queue.watch(state, pair[0], true, true, 2)).isZero();
        assertThat(keys()).containsExactly(2L);
        assertThat(queue.isReadable(0)).isTrue();
        assertThat(queue.isWritable(0)).isTrue();

        assertThat(queue.armReadable(state, pair[0], 3)).isZero();
        assertThat(keys()).containsExactly(3L);
        assertThat(keysNow()).isEmpty();

        assertThat(queue.watch(state, pair[0], true, false, 4)).isZero();
        assertThat(keys()).containsExactly(4L);
        assertThat(keys()).containsExactly(4L);
    }

    @Test
    void a_watch_for_nothing_is_silent_even_when_the_peer_is_gone() {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], false, false, 1)).isZero();
        assertThat(queue.watch(state, pair[0], true, true, 2)).isZero();
        assertThat(keys()).containsExactly(2L);

        assertThat(queue.watch(state, pair[0], false, false, 3)).isZero();
        calls.close(pair[1]);
        assertThat(keysNow()).isEmpty();
        assertThat(queue.remove(state, pair[0])).isEqualTo(-os.errno("ENOENT"));

        assertThat(queue.watch(state, pair[0], true, false, 4)).isZero();
        assertThat(keys()).containsExactly(4L);
    }

    @Test
    void what_is_removed_is_not_told_of() {
        int[] pair = calls.pair();
        send(pair[1]);
        assertThat(queue.remove(state, pair[0])).isEqualTo(-os.errno("ENOENT"));

        assertThat(queue.watch(state, pair[0], true, true, 1)).isZero();
        assertThat(queue.remove(state, pair[0])).isZero();
        assertThat(keysNow()).isEmpty();
        assertThat(queue.remove(state, pair[0])).isEqualTo(-os.errno("ENOENT"));

        assertThat(queue.armReadable(state, pair[0], 2)).isZero();
        assertThat(keys()).containsExactly(2L);
        assertThat(queue.remove(state, pair[0])).as("told, and here still").isZero();
    }

    @Test
    void a_number_that_is_used_again_has_only_its_new_key() {
        int[] old = calls.pair();
        int[] young = calls.pair();
        send(old[1]);
        assertThat(queue.watch(state, old[0], true, true, 1)).isZero();
        assertThat(keys()).containsExactly(1L);

        assertThat(queue.remove(state, old[0])).isZero();
        assertThat(Unistd.dup3(state, young[0], old[0], os.O_CLOEXEC())).isEqualTo(old[0]);
        assertThat(queue.armReadable(state, old[0], 2)).isZero();

        assertThat(keysNow()).isEmpty();
        send(young[1]);
        assertThat(keys()).containsExactly(2L);
    }

    @Test
    void a_peer_that_is_gone_is_news_for_readers_and_for_writers() {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], true, false, 1)).isZero();
        calls.close(pair[1]);

        for (int i = 0; i < 3; i++) {
            assertThat(keys()).containsExactly(1L);
            assertThat(queue.isReadable(0)).isTrue();
            assertThat(queue.isWritable(0)).isTrue();
        }

        assertThat(queue.armReadable(state, pair[0], 2)).isZero();
        assertThat(keys()).containsExactly(2L);
        assertThat(keysNow()).isEmpty();
    }

    @Test
    void what_is_ready_is_said_as_poll_says_it() {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], true, true, 1)).isZero();
        assertThat(keys()).containsExactly(1L);
        assertThat(queue.returned(0)).isEqualTo(os.POLLOUT());

        calls.close(pair[1]);
        assertThat(keys()).containsExactly(1L);
        assertThat(queue.returned(0)).isEqualTo(os.POLLIN() | os.POLLOUT() | os.POLLHUP());

        assertThat(queue.watch(state, pair[0], false, false, true, 2)).isZero();
        assertThat(queue.look()).isOne();
        assertThat(queue.returned(0)).as("of urgent data only").isEqualTo(os.POLLHUP());
    }

    @Test
    void a_peer_that_has_only_ended_its_output_is_news_for_readers() {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], false, true, 1)).isZero();
        assertThat(queue.watch(state, pair[1], true, false, 2)).isZero();
        assertThat(keys()).containsExactly(1L);

        assertThat(SysSocket.shutdown(state, pair[0], os.SHUT_WR())).isZero();

        assertThat(keys()).containsExactlyInAnyOrder(1L, 2L);
        for (int i = 0; i < 2; i++) {
            assertThat(queue.isReadable(i)).isEqualTo(queue.key(i) == 2);
            assertThat(queue.isWritable(i)).isEqualTo(queue.key(i) == 1);
        }
    }

    @Test
    void a_closed_number_that_was_not_removed_does_not_spin() {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], true, true, 1)).isZero();

        calls.close(pair[0]);

        assertThat(queue.await(1_000_000)).isZero();
    }

    @Test
    void a_time_that_is_up_is_no_news_and_no_sooner() {
        assertThat(queue.armReadable(state, calls.pair()[0], 1)).isZero();

        for (long nanos : new long[] {0, 1, 999_999, 1_000_001, 20_000_000}) {
            long start = System.nanoTime();
            assertThat(queue.await(nanos)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void a_time_that_is_very_long_does_not_keep_news_back() {
        assertThat(queue.armWritable(state, calls.pair()[0], 1)).isZero();

        assertThat(queue.await(Long.MAX_VALUE)).isOne();
    }

    @Test
    void many_are_told_of_all_of_them() {
        var numbers = new HashSet<Long>();
        for (int i = 0; i < 300; i++) {
            int fd = calls.opened(os.openWakeDescriptor(state));
            assertThat(queue.watch(state, fd, false, true, fd)).isZero();
            numbers.add((long) fd);
        }
        var told = new HashSet<Long>();
        for (int i = 0; i < 3; i++) {
            told.addAll(keys());
        }
        assertThat(told).isEqualTo(numbers);

        numbers.forEach(fd -> {
            assertThat(queue.armWritable(state, fd.intValue(), -fd)).isZero();
        });
        var once = new ArrayList<Long>();
        while (once.size() < 300) {
            once.addAll(keys());
        }
        assertThat(once).doesNotHaveDuplicates().hasSize(300).allMatch(key -> numbers.contains(-key));
        assertThat(keysNow()).isEmpty();
    }

    @Test
    void what_there_was_no_room_for_is_told_next() {
        int count = 300;
        for (int i = 0; i < count; i++) {
            int fd = calls.opened(os.openWakeDescriptor(state));
            assertThat(queue.watch(state, fd, false, true, fd)).isZero();
        }

        List<Long> first = keys();
        assertThat(first).doesNotHaveDuplicates().hasSize(Math.min(queue.capacity(), count));
        List<Long> next = keys().subList(0, count - first.size());
        assertThat(next).doesNotHaveDuplicates().doesNotContainAnyElementsOf(first);
    }

    @Test
    void the_descriptor_of_a_queue_is_ready_when_something_in_it_is_if_it_says_so() {
        int[] pair = calls.pair();
        Platform epoll = Platforms.choose(false, false, "Linux");
        EventQueue outer = epoll.eventQueue(Arena.ofAuto(), calls.opened(epoll.openEventQueue(state)));
        assertThat(outer.watch(state, queueFd, true, false, 1)).isZero();
        assertThat(queue.watch(state, pair[0], true, false, 2)).isZero();
        assertThat(outer.await(0)).isZero();

        send(pair[1]);
        assertThat(outer.await(0)).isEqualTo(queue.isPollable() ? 1 : 0);
        assertThat(keysNow()).containsExactly(2L);
        receive(pair[0]);
        assertThat(outer.await(0)).isZero();
    }

    @Test
    void a_number_that_is_no_descriptor_is_refused() {
        assertThat(queue.armReadable(state, NOTHING, 1)).isEqualTo(-os.errno("EBADF"));
        assertThat(queue.armWritable(state, NOTHING, 1)).isEqualTo(-os.errno("EBADF"));
        assertThat(queue.watch(state, NOTHING, true, true, 1)).isEqualTo(-os.errno("EBADF"));
        assertThat(queue.changingCall()).isIn("epoll_ctl", "fcntl");
        assertThat(queue.waitingCall()).isIn("epoll_wait", "ppoll");
    }

    @Test
    void what_another_thread_arms_is_news_for_a_wait_under_way() throws Exception {
        for (int i = 0; i < 100; i++) {
            int[] pair = calls.pair();
            FutureTask<List<Long>> waiter = start(this::keys);
            awaitItsCall();

            assertThat(queue.armWritable(state, pair[0], i)).isZero();

            assertThat(waiter.get()).containsExactly((long) i);
        }
    }

    @Test
    void what_another_thread_watches_instead_is_news_for_a_wait_under_way() throws Exception {
        int[] pair = calls.pair();
        assertThat(queue.watch(state, pair[0], true, false, 1)).isZero();
        FutureTask<List<Long>> waiter = start(this::keys);
        awaitItsCall();

        assertThat(queue.watch(state, pair[0], true, true, 2)).isZero();

        assertThat(waiter.get()).containsExactly(2L);
    }

    /// The wait finds the descriptor ready by what it was asked before the change.
    @Test
    void a_wait_under_way_tells_the_new_key_after_a_change() throws Exception {
        int[] pair = calls.pair();
        for (int i = 0; i < 100; i += 2) {
            assertThat(queue.watch(state, pair[0], true, false, i)).isZero();
            FutureTask<List<Long>> waiter = start(this::keys);
            awaitItsCall();

            assertThat(queue.watch(state, pair[0], true, false, i + 1)).isZero();
            send(pair[1]);

            assertThat(waiter.get()).containsExactly(i + 1L);
            receive(pair[0]);
        }
    }

    /// As long as a wait holds it, a close would not reach the peer.
    @Test
    void what_is_removed_from_a_wait_under_way_is_let_go() throws Exception {
        int[] other = calls.pair();
        assertThat(queue.armReadable(state, other[0], 5)).isZero();
        FutureTask<List<Long>> waiter = start(this::keys);
        for (int i = 0; i < 100; i++) {
            int[] pair = calls.pair();
            assertThat(queue.armReadable(state, pair[0], i)).isZero();
            awaitItsCall();
            assertThat(queue.watch(state, pair[0], true, false, i)).isZero(); // as often as not, meanwhile

            assertThat(queue.remove(state, pair[0])).isZero();
            calls.close(pair[0]);

            assertThat(SysSocket.recv(state, pair[1], calls.room(1), os.MSG_DONTWAIT()))
                    .as("the end of the stream")
                    .isZero();
        }
        send(other[1]);
        assertThat(waiter.get()).containsExactly(5L);
    }

    /// Each arms its own end again and again; a wake that got lost would leave it waiting for ever.
    @Test
    void nothing_is_lost_however_many_threads_arm() throws Exception {
        int threads = 4;
        int rounds = 2_000;
        var news = Stream.generate(() -> new Semaphore(0)).limit(threads).toList();
        var told = start(() -> tell(news, threads * rounds));
        var others = new ArrayList<FutureTask<Boolean>>();
        for (int i = 0; i < threads; i++) {
            int[] pair = calls.pair();
            int key = i;
            var other = new FutureTask<>(() -> armAgainAndAgain(pair, key, rounds, news.get(key)));
            others.add(other);
            (i % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual()).start(other);
        }
        for (var other : others) {
            assertThat(other.get()).isTrue();
        }
        assertThat(told.get()).isTrue();
    }

    private boolean tell(List<Semaphore> news, int times) {
        for (int all = 0; all < times; ) {
            int ready = queue.await();
            for (int i = 0; i < ready; i++) {
                news.get((int) queue.key(i)).release();
            }
            all += Math.max(ready, 0);
        }
        return true;
    }

    private boolean armAgainAndAgain(int[] pair, int key, int rounds, Semaphore news) throws InterruptedException {
        try (var arena = Arena.ofShared()) {
            var own = new CallState(arena);
            MemorySegment bytes = arena.allocate(1);
            for (int i = 0; i < rounds; i++) {
                assertThat(queue.armReadable(own, pair[0], key)).isZero();
                assertThat(SysSocket.send(own, pair[1], bytes, os.MSG_NOSIGNAL()))
                        .isOne();
                news.acquire();
                assertThat(SysSocket.recv(own, pair[0], bytes, os.MSG_DONTWAIT()))
                        .isOne();
                if (i % 7 == 0) {
                    assertThat(queue.remove(own, pair[0])).isZero();
                }
            }
        }
        return true;
    }

    /// Waits for news and returns its keys; a wait that a signal ends is begun again.
    private List<Long> keys() {
        int ready;
        do {
            ready = queue.await();
        } while (ready == -os.errno("EINTR"));
        assertThat(ready).isPositive();
        return keys(ready);
    }

    private List<Long> keysNow() {
        return keys(queue.await(0));
    }

    private List<Long> keys(int ready) {
        var keys = new ArrayList<Long>();
        for (int i = 0; i < ready; i++) {
            keys.add(queue.key(i));
        }
        return keys;
    }

    private static <T> FutureTask<T> start(Callable<T> call) {
        var task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().name(WAITER).start(task);
        return task;
    }

    /// Returns once a thread of that name sleeps in the kernel, which no state of its own tells.
    private static void awaitItsCall() {
        Await.until(EventQueueTest::isInItsCall, Duration.ofSeconds(10));
    }

    private static boolean isInItsCall() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.anyMatch(EventQueueTest::sleeps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean sleeps(Path task) {
        try {
            return Files.readString(task.resolve("stat")).contains("(" + WAITER + ") S ");
        } catch (IOException endedMeanwhile) {
            return false;
        }
    }

    private void send(int fd) {
        assertThat(SysSocket.send(state, fd, calls.bytes("x"), os.MSG_NOSIGNAL()))
                .isOne();
    }

    private void receive(int fd) {
        MemorySegment room = calls.room(ValueLayout.JAVA_BYTE);
        assertThat(SysSocket.recv(state, fd, room, os.MSG_DONTWAIT())).isOne();
    }
}
