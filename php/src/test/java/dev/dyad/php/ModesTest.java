package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether calls wait, flags of a call, and the ends of a connection.
class ModesTest extends Face {

    private static final int ROUNDS = 30;

    private final Ref<byte[]> data = new Ref<>();

    @Test
    void to_block_or_not_can_be_said_again_and_again() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_set_nonblock(socket)).isTrue();
        assertThat(socket_set_nonblock(socket)).isTrue();
        assertThat(socket_set_block(socket)).isTrue();
        assertThat(socket_set_block(socket)).isTrue();

        socket_close(socket);
        assertThatIsClosed("socket_set_block", () -> socket_set_block(socket));
        assertThatIsClosed("socket_set_nonblock", () -> socket_set_nonblock(socket));
        assertThatIsClosed("socket_shutdown", () -> socket_shutdown(socket));
        assertThatIsClosed("socket_atmark", () -> socket_atmark(socket));
    }

    @Test
    void what_does_not_block_is_false_at_once_without_a_warning() {
        Socket[] pair = pair();
        assertThat(socket_set_nonblock(pair[0])).isTrue();

        assertThat(socket_read(pair[0], 10)).isNull();
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EAGAIN);
        assertThat(socket_last_error()).isEqualTo(SOCKET_EAGAIN);
        assertThat(socket_last_error(pair[1])).isZero();
        int written = socket_write(pair[0], new byte[1_000_000]);
        assertThat(written).isBetween(1, 999_999);
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_line_that_is_not_complete_is_returned_and_nothing_spins() {
        Socket[] pair = pair();
        assertThat(socket_set_nonblock(pair[0])).isTrue();

        assertThat(socket_read(pair[0], 10, PHP_NORMAL_READ)).isNull();
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EAGAIN);
        socket_clear_error(pair[0]);
        assertThat(socket_write(pair[1], "part")).isEqualTo(4);
        assertThat(text(socket_read(pair[0], 10, PHP_NORMAL_READ))).isEqualTo("part");
        assertThat(socket_last_error(pair[0])).isZero();
        socket_close(pair[1]);
        assertThat(text(socket_read(pair[0], 10, PHP_NORMAL_READ))).isEmpty();
    }

    @Test
    void a_call_may_say_that_it_does_not_wait_and_only_looks() {
        Socket[] pair = pair();
        data.value = bytes("before");

        assertThat(socket_recv(pair[1], data, 10, MSG_DONTWAIT)).isEqualTo(-1);
        assertThat(data.value).isNull();
        assertThat(socket_last_error(pair[1])).isEqualTo(SOCKET_EAGAIN);
        assertThat(warnings).isEmpty();
        assertThat(socket_send(pair[0], "hello", 100, 0)).isEqualTo(5);
        assertThat(socket_recv(pair[1], data, 3, MSG_PEEK)).isEqualTo(3);
        assertThat(text(data.value)).isEqualTo("hel");
        assertThat(socket_recv(pair[1], data, 10, 0)).isEqualTo(5);
        socket_close(pair[0]);
        assertThat(socket_recv(pair[1], data, 10, 0)).isZero();
        assertThat(data.value).isNull();
    }

    @Test
    void a_call_may_wait_for_all() throws Exception {
        Socket[] pair = pair();
        var receiving = new FutureTask<>(() -> socket_recv(pair[1], data, 6, MSG_WAITALL));
        Thread.ofPlatform().start(receiving);

        for (String part : new String[] {"ab", "cd", "ef"}) {
            Await.until(() -> pair[1].php.waiters() > 0, LIMIT);
            assertThat(socket_write(pair[0], part)).isEqualTo(2);
        }

        assertThat(receiving.get()).isEqualTo(6);
        assertThat(text(data.value)).isEqualTo("abcdef");
        assertThat(socket_write(pair[0], "rest")).isEqualTo(4);
        socket_close(pair[0]);
        assertThat(socket_recv(pair[1], data, 6, MSG_WAITALL)).isEqualTo(4);
    }

    @Test
    void a_call_that_asks_who_it_was_may_wait_for_all() throws Exception {
        Socket[] pair = pair();
        Ref<String> from = new Ref<>();
        var receiving = new FutureTask<>(() -> socket_recvfrom(pair[1], data, 4, MSG_WAITALL, from));
        Thread.ofPlatform().start(receiving);

        for (String part : new String[] {"ab", "cd"}) {
            Await.until(() -> pair[1].php.waiters() > 0, LIMIT);
            assertThat(socket_write(pair[0], part)).isEqualTo(2);
        }

        assertThat(receiving.get()).isEqualTo(4);
        assertThat(text(data.value)).isEqualTo("abcd");
        assertThat(from.value).isEmpty();
        socket_close(pair[0]);
        assertThat(socket_recvfrom(pair[1], data, 4, MSG_WAITALL, from)).isZero();
        assertThat(data.value).isEmpty();
    }

    @Test
    void a_time_limit_ends_a_wait_without_a_warning() {
        Socket[] pair = pair();
        limit(pair[0]);

        assertThat(socket_read(pair[0], 10)).isNull();
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EAGAIN);
        int written = socket_write(pair[0], new byte[1_000_000]);
        assertThat(written).isBetween(1, 999_999);
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EAGAIN);
        assertThat(warnings).isEmpty();
    }

    private static void limit(Socket socket) {
        for (int option : new int[] {SO_RCVTIMEO, SO_SNDTIMEO}) {
            assertThat(socket_set_option(socket, SOL_SOCKET, option, Map.of("sec", 0, "usec", 50_000)))
                    .isTrue();
        }
    }

    @Test
    void one_direction_ends_and_the_other_goes_on() {
        Socket[] pair = pair();

        assertThat(socket_shutdown(pair[0], 1)).isTrue();

        assertThat(text(socket_read(pair[1], 10))).isEmpty();
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        assertThat(socket_last_error()).isEqualTo(SOCKET_EPIPE);
        assertThat(socket_write(pair[1], "still")).isEqualTo(5);
        assertThat(text(socket_read(pair[0], 10))).isEqualTo("still");

        assertThat(socket_shutdown(pair[0], 0)).isTrue();
        assertThat(text(socket_read(pair[0], 10))).isEmpty();
        assertThat(socket_write(pair[1], "x")).isEqualTo(-1);
        assertThat(socket_shutdown(pair[0])).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 5})
    void a_direction_that_is_none_is_refused(int mode) {
        Socket[] pair = pair();

        assertThatThrownBy(() -> socket_shutdown(pair[0], mode))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_shutdown(): Argument #2 ($mode) must be one of SHUT_RD, SHUT_WR or SHUT_RDWR");
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void what_is_not_connected_cannot_be_shut_down() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_shutdown(socket)).isFalse();

        assertThat(socket_last_error(socket)).isEqualTo(SOCKET_ENOTCONN);
    }

    @Test
    void a_writer_that_waits_hears_of_the_end() throws Exception {
        for (int i = 0; i < ROUNDS; i++) { // it may be on the brink of its wait
            Socket[] pair = pair();
            var writing = new FutureTask<>(() -> socket_write(pair[0], new byte[10_000_000]));
            Thread.ofVirtual().start(writing);
            Await.until(() -> pair[0].php.waiters() > 0, LIMIT);

            assertThat(socket_shutdown(pair[0], 1)).isTrue();

            assertThat(writing.get()).isBetween(1, 9_999_999);
        }
    }

    @Test
    void out_of_band_data_mark_their_place() {
        Socket[] pair = pair();

        assertThat(socket_atmark(pair[1])).isFalse();
        assertThat(socket_send(pair[0], "!", 1, MSG_OOB)).isEqualTo(1);
        assertThat(socket_atmark(pair[1])).isTrue();
        assertThat(socket_recv(pair[1], data, 10, MSG_OOB)).isEqualTo(1);
        assertThat(text(data.value)).isEqualTo("!");
        assertThat(socket_recv(pair[1], data, 10, MSG_OOB)).isEqualTo(-1);
        assertThat(socket_last_error()).isEqualTo(SOCKET_EINVAL);
        warnings.clear();

        assertThat(socket_atmark(create(AF_INET, SOCK_DGRAM))).isFalse();
        assertThat(warnings).hasSize(1).first().asString().startsWith("socket_atmark(): Unable to apply sockmark [");
    }

    @Test
    void many_threads_may_read_one_socket_and_no_byte_is_lost() throws Exception {
        Socket[] pair = pair(AF_UNIX, SOCK_SEQPACKET);
        var readers = new ArrayList<FutureTask<Integer>>();
        for (int i = 0; i < 4; i++) {
            var reader = new FutureTask<>(() -> {
                int count = 0;
                byte[] message = socket_read(pair[1], 10);
                while (message != null && message.length > 0) {
                    count++;
                    message = socket_read(pair[1], 10);
                }
                return count;
            });
            (i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(reader);
            readers.add(reader);
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(socket_write(pair[0], "x")).isEqualTo(1);
        }
        socket_close(pair[0]);

        int all = 0;
        for (FutureTask<Integer> reader : readers) {
            all += reader.get();
        }
        assertThat(all).isEqualTo(1000);
    }

    @Test
    void to_look_at_all_is_to_look_at_what_is_there() {
        Socket[] ends = connected();
        var seen = new Ref<byte[]>();
        assertThat(socket_write(ends[0], "one")).isEqualTo(3);

        assertThat(socket_recv(ends[1], seen, 8, MSG_PEEK | MSG_WAITALL)).isEqualTo(3);

        assertThat(text(seen.value)).isEqualTo("one");
        assertThat(text(socket_read(ends[1], 8))).isEqualTo("one");
    }
}
