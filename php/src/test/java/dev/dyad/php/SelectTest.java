package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.Polling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SelectTest extends Face {

    static Stream<ThreadFactory> threads() {
        return Stream.of(
                Thread.ofPlatform().name("selects-", 0).factory(),
                Thread.ofVirtual().factory());
    }

    @Test
    void nothing_ready_is_zero_and_empties_the_array() {
        List<Socket> read = list(pair());

        assertThat(socket_select(read, null, null, 0)).isZero();

        assertThat(read).isEmpty();
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void what_is_ready_stays_under_its_key_and_counts_once_in_each_array() {
        Socket[] one = pair();
        Socket[] other = pair();
        Map<Object, Socket> read = new LinkedHashMap<>();
        read.put("x", one[1]);
        read.put(7, other[1]);
        read.put("dup", other[1]);
        Map<Object, Socket> write = new LinkedHashMap<>(Map.of("w1", one[0]));
        List<Socket> except = list(one[0]);
        assertThat(socket_write(other[0], "!")).isEqualTo(1);

        assertThat(socket_select(read.values(), write.values(), except, 1)).isEqualTo(2);

        assertThat(read.keySet()).containsExactly(7, "dup");
        assertThat(read.values()).containsExactly(other[1], other[1]);
        assertThat(write).containsExactly(Map.entry("w1", one[0]));
        assertThat(except).isEmpty();
    }

    @Test
    void an_end_is_something_to_read_and_to_write() {
        Socket[] pair = pair();
        socket_close(pair[0]);
        List<Socket> read = list(pair[1]);
        List<Socket> write = list(pair[1]);
        List<Socket> except = list(pair[1]);

        assertThat(socket_select(read, write, except, null)).isEqualTo(2);

        assertThat(read).containsExactly(pair[1]);
        assertThat(write).containsExactly(pair[1]);
        assertThat(except).isEmpty();
    }

    @Test
    void a_full_socket_is_not_ready_to_be_written() {
        Socket[] pair = pair();
        assertThat(socket_set_nonblock(pair[0])).isTrue();
        assertThat(socket_write(pair[0], new byte[1_000_000])).isPositive();
        List<Socket> write = list(pair[0]);

        assertThat(socket_select(null, write, null, 0)).isZero();

        assertThat(write).isEmpty();
    }

    @Test
    void urgent_data_are_an_exception() {
        Socket[] pair = pair();
        assertThat(socket_send(pair[0], "!", 1, MSG_OOB)).isEqualTo(1);
        List<Socket> read = list(pair[1]);
        List<Socket> except = list(pair[1]);

        assertThat(socket_select(read, null, except, 5)).isEqualTo(2);

        assertThat(read).containsExactly(pair[1]);
        assertThat(except).containsExactly(pair[1]);
    }

    @Test
    void who_waits_for_urgent_data_does_not_hear_of_an_end() {
        Socket[] pair = pair();
        Socket[] tcp = connected();
        socket_close(pair[0]);
        socket_close(tcp[0]);

        assertThat(socket_select(null, null, list(pair[1], tcp[1]), 0, 50_000)).isZero();
    }

    @Test
    void one_variable_twice_ends_as_the_last_of_its_sets() {
        Socket[] pair = pair();
        assertThat(socket_write(pair[0], "!")).isEqualTo(1);
        List<Socket> both = list(pair);

        assertThat(socket_select(both, both, null, 0)).isEqualTo(3);

        assertThat(both).containsExactly(pair);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -1", "1, -1"})
    void a_negative_time_is_invalid_and_leaves_the_arrays_alone(int seconds, int microseconds) {
        Socket[] pair = pair();
        List<Socket> read = list(pair);

        assertThat(socket_select(read, null, null, seconds, microseconds)).isEqualTo(-1);

        assertThat(read).containsExactly(pair);
        assertThat(socket_last_error()).isEqualTo(SOCKET_EINVAL);
        assertThat(socket_last_error(pair[0])).isZero();
        assertThat(warnings).containsExactly("socket_select(): Unable to select [22]: Invalid argument");
    }

    @Test
    void microseconds_may_be_more_than_a_second() {
        long start = System.nanoTime();

        assertThat(socket_select(list(pair()), null, null, 0, 1_200_000)).isZero();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_200_000_000L);
    }

    @Test
    void no_socket_at_all_is_an_error() {
        String message = "socket_select(): At least one array argument must be passed";

        assertThatThrownBy(() -> socket_select(null, null, null, 0))
                .isInstanceOf(ValueError.class)
                .hasMessage(message);
        assertThatThrownBy(() -> socket_select(List.of(), new ArrayList<>(), Set.of(), -1))
                .isInstanceOf(ValueError.class)
                .hasMessage(message);
    }

    @Test
    @SuppressWarnings("unchecked") // what callers without a checker do
    void what_is_no_socket_or_closed_is_an_error_of_its_array() {
        Socket[] pair = pair();
        Socket[] closed = pair();
        socket_close(closed[0]);
        List<Socket> read = list(pair);
        List<Object> write = new ArrayList<>(List.of(pair[0], "no socket"));

        assertThatThrownBy(() -> socket_select(read, (Collection<Socket>) (Collection<?>) write, null, -1))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_select(): Argument #2 ($write) must only have elements of type Socket,"
                        + " string given");
        assertThatThrownBy(() -> socket_select(list(pair[0], closed[0]), null, null, 0))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_select(): Argument #1 ($read) contains a closed socket");
        assertThat(read).containsExactly(pair);
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void an_array_that_cannot_be_changed_is_refused_before_the_wait() {
        Socket[] pair = pair();
        String message = "socket_select(): Argument #1 ($read) could not be passed by reference";

        for (Collection<Socket> fixed :
                List.of(List.of(pair), Arrays.asList(pair), Set.of(pair), Collections.unmodifiableList(list(pair)))) {
            assertThatThrownBy(() -> socket_select(fixed, null, null, null))
                    .isExactlyInstanceOf(PhpError.class)
                    .hasMessage(message);
        }
        for (Collection<Socket> changeable : List.of(new CopyOnWriteArrayList<>(pair), new HashSet<>(list(pair)))) {
            assertThat(socket_select(changeable, null, null, 0)).isZero();
            assertThat(changeable).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_select_waits_until_something_comes(ThreadFactory threads) throws Exception {
        Socket[] pair = pair();
        List<Socket> read = list(pair);
        var selecting = new FutureTask<>(() -> socket_select(read, null, null, null));
        Thread thread = threads.newThread(selecting);
        thread.start();
        Await.until(() -> Polling.isIn(thread), LIMIT);

        assertThat(socket_write(pair[0], "!")).isEqualTo(1);

        assertThat(selecting.get()).isEqualTo(1);
        assertThat(read).containsExactly(pair[1]);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_socket_that_another_thread_closes_is_a_bad_descriptor(ThreadFactory threads) throws Exception {
        Socket[] pair = pair();
        Socket[] other = pair();
        List<Socket> read = list(pair[0], other[0]);
        var started = new CountDownLatch(1);
        var selecting = selecting(threads, started, read);
        started.await();

        Await.until(
                () -> {
                    socket_clear_error();
                    pair[0].close();
                    return selecting.isDone();
                },
                LIMIT);

        assertThat(selecting.get()).isIn(-1, -2);
        assertThat(read).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void an_interrupt_is_an_interrupted_call(ThreadFactory threads) throws Exception {
        Socket[] pair = pair();
        var selecting = new FutureTask<>(() -> {
            int answer = socket_select(list(pair), null, null, null);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(socket_last_error()).isEqualTo(SOCKET_EINTR);
            return answer;
        });
        Thread thread = threads.newThread(selecting);
        thread.start();
        Await.until(() -> Polling.isIn(thread), LIMIT);

        thread.interrupt();

        assertThat(selecting.get()).isEqualTo(-1);
        assertThat(warnings).containsExactly("socket_select(): Unable to select [4]: Interrupted system call");
    }

    @Test
    void sets_may_change_from_one_select_to_the_next() {
        Socket[] one = pair();
        Socket[] other = pair();
        assertThat(socket_write(one[0], "!")).isEqualTo(1);

        for (int i = 0; i < 3; i++) {
            assertThat(socket_select(list(one[1], other[1]), null, null, 0)).isEqualTo(1);
            assertThat(socket_select(list(other[1]), null, null, 0)).isZero();
            assertThat(socket_select(null, list(one[1], other[1]), null, 0)).isEqualTo(2);
            assertThat(socket_select(list(other[1]), list(other[0]), null, 0)).isEqualTo(1);
        }
        socket_close(one[1]);
        Socket[] third = pair();
        assertThat(socket_select(list(other[1], third[1]), null, null, 0)).isZero();
        assertThat(socket_write(third[0], "!")).isEqualTo(1);
        assertThat(socket_select(list(other[1], third[1]), null, null, 0)).isEqualTo(1);
    }

    @Test
    void several_threads_may_select_the_same_sockets() throws Exception {
        Socket[] pair = pair();
        assertThat(socket_write(pair[0], "!")).isEqualTo(1);
        var selecting = new ArrayList<FutureTask<Boolean>>();
        for (int i = 0; i < 12; i++) {
            var task = new FutureTask<>(() -> {
                boolean right = true;
                for (int round = 0; round < 200; round++) {
                    List<Socket> read = list(pair);
                    right &= socket_select(read, null, null, null) == 1 && read.equals(List.of(pair[1]));
                }
                return right;
            });
            (i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(task);
            selecting.add(task);
        }

        for (FutureTask<Boolean> task : selecting) {
            assertThat(task.get()).isTrue();
        }
    }

    @Test
    void there_may_be_more_than_1024() {
        var read = new ArrayList<Socket>();
        var write = new ArrayList<Socket>();
        for (int i = 0; i < 700; i++) {
            Socket[] pair = pair();
            read.add(pair[0]);
            write.add(pair[1]);
        }
        List<Socket> all = List.copyOf(read);

        assertThat(socket_select(read, write, null, 0)).isEqualTo(700);
        assertThat(write).hasSize(700);
        assertThat(read).isEmpty();
        for (int i = 0; i < 700; i += 2) {
            assertThat(socket_write(write.get(i), "!")).isEqualTo(1);
        }
        read.addAll(all);
        assertThat(socket_select(read, null, null, null)).isEqualTo(350);
        for (int i = 0; i < 350; i++) {
            assertThat(read.get(i)).isSameAs(all.get(2 * i));
        }
    }

    private static FutureTask<Integer> selecting(
            ThreadFactory threads, CountDownLatch started, Collection<Socket> read) {
        var task = new FutureTask<>(() -> {
            started.countDown();
            try {
                int answer = socket_select(read, null, null, null);
                assertThat(answer > 0 || socket_last_error() == SOCKET_EBADF).isTrue();
                return answer;
            } catch (TypeError closedBefore) {
                return -2;
            }
        });
        threads.newThread(task).start();
        return task;
    }

    private static List<Socket> list(Socket... sockets) {
        return new ArrayList<>(List.of(sockets));
    }
}
