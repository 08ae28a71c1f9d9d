package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketsTest {

    private final List<String> warnings = new ArrayList<>();
    private final Socket[] pair = new Socket[2];
    private Consumer<String> handlerBefore = text -> {};

    @BeforeEach
    void open() {
        handlerBefore = onWarning(warnings::add);
        socket_clear_error();
        assertThat(socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair)).isTrue();
    }

    @AfterEach
    void close() {
        onWarning(handlerBefore);
        for (Socket socket : pair) {
            socket.close();
        }
    }

    @Test
    void what_is_written_at_one_end_is_read_at_the_other_in_both_directions() {
        assertThat(socket_write(pair[0], "ABCdef123\n")).isEqualTo(10);
        assertThat(read(pair[1], 100)).isEqualTo("ABCdef123\n");

        assertThat(socket_write(pair[1], "我是子進程")).isEqualTo(15);
        assertThat(read(pair[0], 100)).isEqualTo("我是子進程");
    }

    @Test
    void a_successful_pair_is_two_sockets_and_no_error() {
        assertThat(pair).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(socket_last_error()).isZero();
        assertThat(socket_last_error(pair[0])).isZero();
        assertThat(socket_last_error(pair[1])).isZero();
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 94",
        "1, 0, 2, 93",
        "1, 1, 2, 93",
        "1, 1, -1, 93",
        "1, 4, 0, 94",
        "1, 6, 1, 94",
        "1, 10, 0, 94",
        "1, -1, 0, 22",
        "2, 0, 0, 94",
        "2, 0, -1, 22",
        "2, 1, 0, 95",
        "2, 1, 1, 93",
        "2, 1, 6, 95",
        "2, 1, 262, 95",
        "2, 2, 0, 95",
        "2, 2, 17, 95",
        "2, 2, 2, 93",
        "2, 3, 0, 93",
        "2, 4, 0, 94",
        "2, 5, 0, 94",
        "10, 1, 0, 95",
        "10, 2, 1, 93",
        "10, 10, 0, 94",
    })
    void a_refused_pair_is_false_and_a_warning_and_leaves_the_array_alone(
            int domain, int type, int protocol, int errno) {
        Socket[] before = pair.clone();

        assertThat(socket_create_pair(domain, type, protocol, pair)).isFalse();

        assertThat(socket_last_error()).isEqualTo(errno);
        assertThat(warnings)
                .containsExactly("socket_create_pair(): Unable to create socket pair [" + errno + "]: "
                        + socket_strerror(errno));
        assertThat(pair).containsExactly(before);
        assertThat(socket_last_error(pair[0])).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, SOCK_RAW})
    void a_pair_of_messages_keeps_their_boundaries(int type) {
        Socket[] other = new Socket[2];
        assertThat(socket_create_pair(AF_UNIX, type, 0, other)).isTrue();

        assertThat(socket_write(other[0], "one")).isEqualTo(3);
        assertThat(socket_write(other[0], "")).isZero();
        assertThat(socket_write(other[0], "two\nlines")).isEqualTo(9);

        assertThat(read(other[1], 2)).isEqualTo("on");
        assertThat(read(other[1], 100)).isEmpty();
        assertThat(read(other[1], 100, PHP_NORMAL_READ)).isEqualTo("two\nlines");
        socket_close(other[0]);
        socket_close(other[1]);
    }

    @Test
    void a_pair_that_does_not_block_says_so() {
        Socket[] other = new Socket[2];
        assertThat(socket_create_pair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, other))
                .isTrue();

        assertThat(socket_read(other[0], 1)).isNull();

        assertThat(socket_last_error()).isEqualTo(SOCKET_EAGAIN);
        assertThat(warnings).isEmpty();
        socket_close(other[0]);
        socket_close(other[1]);
    }

    @Test
    void a_socket_is_equal_to_itself_alone() {
        assertThat(pair[0]).isEqualTo(pair[0]).isNotEqualTo(pair[1]);
        assertThat(List.of(pair).indexOf(pair[1])).isEqualTo(1);
    }

    @Test
    void protocol_one_is_the_family_of_unix() {
        Socket[] other = new Socket[3];

        assertThat(socket_create_pair(AF_UNIX, SOCK_STREAM, 1, other)).isTrue();

        assertThat(other[2]).isNull();
        socket_close(other[0]);
        socket_close(other[1]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 31337, -1})
    void a_domain_that_is_none_is_an_error_before_the_type_is_looked_at(int domain) {
        assertThatThrownBy(() -> socket_create_pair(domain, 31337, 0, pair))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_create_pair(): Argument #1 ($domain) must be one of AF_UNIX, AF_INET6, or AF_INET");
        assertThat(socket_last_error()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                11,
                31337,
                11 | SOCK_CLOEXEC,
                11 | SOCK_NONBLOCK,
                11 | SOCK_CLOEXEC | SOCK_NONBLOCK,
                Integer.MAX_VALUE
            })
    void a_type_that_is_none_is_an_error(int type) {
        assertThatThrownBy(() -> socket_create_pair(AF_INET, type, 0, pair))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_create_pair(): Argument #2 ($type) must be one of SOCK_STREAM, SOCK_DGRAM,"
                        + " SOCK_SEQPACKET, SOCK_RAW, or SOCK_RDM optionally OR'ed with SOCK_CLOEXEC, SOCK_NONBLOCK");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void an_array_that_is_null_or_too_short_is_an_error() {
        assertThatThrownBy(() -> socket_create_pair(AF_UNIX, SOCK_STREAM, 0, null))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_create_pair(): Argument #4 ($pair) must be of type array, null given");
        assertThatThrownBy(() -> socket_create_pair(AF_UNIX, SOCK_STREAM, 0, new Socket[1]))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_create_pair(): Argument #4 ($pair) must have room for 2 sockets, has 1");
    }

    @Test
    void a_read_takes_what_is_there_up_to_the_length() {
        socket_write(pair[0], "hello\r\nworld\n\0x");

        assertThat(read(pair[1], 3)).isEqualTo("hel");
        assertThat(read(pair[1], Integer.MAX_VALUE)).isEqualTo("lo\r\nworld\n\0x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_read_of_no_length_is_false_and_silent(int length) {
        socket_write(pair[0], "ab");

        assertThat(socket_read(pair[1], length)).isNull();
        assertThat(socket_read(pair[1], length, PHP_NORMAL_READ)).isNull();

        assertThat(socket_last_error()).isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void an_unknown_mode_is_binary() {
        socket_write(pair[0], "a\nbc");

        assertThat(read(pair[1], 3, 0)).isEqualTo("a\nb");
        assertThat(read(pair[1], 3, 99)).isEqualTo("c");
    }

    @Test
    void the_end_is_an_empty_string_for_ever_and_no_error() {
        socket_close(pair[0]);

        assertThat(read(pair[1], 10)).isEmpty();
        assertThat(read(pair[1], 10)).isEmpty();
        assertThat(read(pair[1], 10, PHP_NORMAL_READ)).isEmpty();
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void a_normal_read_ends_after_a_line_feed_or_a_carriage_return() {
        socket_write(pair[0], "ab\r\ncd\na\0b\nxyz\nabcd\n");

        assertThat(read(pair[1], 100, PHP_NORMAL_READ)).isEqualTo("ab\r");
        assertThat(read(pair[1], 100, PHP_NORMAL_READ)).isEqualTo("\n");
        assertThat(read(pair[1], 100, PHP_NORMAL_READ)).isEqualTo("cd\n");
        assertThat(read(pair[1], 100, PHP_NORMAL_READ)).isEqualTo("a\0b\n");
        assertThat(read(pair[1], 2, PHP_NORMAL_READ)).isEqualTo("xy");
        assertThat(read(pair[1], 100, PHP_NORMAL_READ)).isEqualTo("z\n");
        assertThat(read(pair[1], 4, PHP_NORMAL_READ)).isEqualTo("abcd");
        assertThat(read(pair[1], 4, PHP_NORMAL_READ)).isEqualTo("\n");
    }

    @Test
    void a_normal_read_keeps_the_tail_that_php_loses() {
        String tail = "tail".repeat(100);
        socket_write(pair[0], tail);
        socket_close(pair[0]);

        assertThat(read(pair[1], 1000, PHP_NORMAL_READ)).isEqualTo(tail);
        assertThat(read(pair[1], 1000, PHP_NORMAL_READ)).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_peer_that_closes_without_having_read_everything_resets_the_connection_once() {
        socket_write(pair[0], "answer");
        socket_write(pair[1], "never read");
        socket_close(pair[0]);

        assertThat(read(pair[1], 100)).isEqualTo("answer");
        assertThat(socket_read(pair[1], 100)).isNull();
        assertThat(read(pair[1], 100)).isEmpty();
        assertThat(socket_last_error()).isEqualTo(SOCKET_ECONNRESET);
        assertThat(socket_last_error(pair[1])).isEqualTo(SOCKET_ECONNRESET);
        assertThat(warnings)
                .containsExactly("socket_read(): unable to read from socket [104]: Connection reset by peer");
    }

    @Test
    void a_normal_read_that_a_reset_cuts_off_keeps_what_it_has() {
        socket_write(pair[0], "answ");
        socket_write(pair[1], "never read");
        socket_close(pair[0]);

        assertThat(read(pair[1], 100, PHP_NORMAL_READ)).isEqualTo("answ");
        assertThat(socket_last_error(pair[1])).isEqualTo(SOCKET_ECONNRESET);
    }

    @Test
    void a_write_writes_the_length_or_all_there_is() {
        byte[] hello = "hello".getBytes(UTF_8);

        assertThat(socket_write(pair[0], hello)).isEqualTo(5);
        assertThat(socket_write(pair[0], hello, 2)).isEqualTo(2);
        assertThat(socket_write(pair[0], hello, 100)).isEqualTo(5);
        assertThat(socket_write(pair[0], hello, Integer.MAX_VALUE)).isEqualTo(5);
        assertThat(socket_write(pair[0], hello, 0)).isZero();
        assertThat(socket_write(pair[0], "")).isZero();
        assertThat(socket_write(pair[0], "我", 2)).isEqualTo(2);
        assertThat(socket_read(pair[1], 100))
                .startsWith("hellohehellohello".getBytes(UTF_8))
                .hasSize(19);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void a_write_of_a_negative_length_or_of_nothing_is_an_error() {
        assertThatThrownBy(() -> socket_write(pair[0], "x", -1))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_write(): Argument #3 ($length) must be greater than or equal to 0");
        assertThatThrownBy(() -> socket_write(pair[0], (String) null))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_write(): Argument #2 ($data) must be of type string, null given");
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void a_write_to_nobody_is_false_and_a_broken_pipe() {
        socket_close(pair[1]);

        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);

        assertThat(socket_last_error()).isEqualTo(SOCKET_EPIPE);
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EPIPE);
        assertThat(warnings).containsExactly("socket_write(): unable to write to socket [32]: Broken pipe");
    }

    @Test
    void a_long_write_waits_until_all_is_read() throws Exception {
        var data = new byte[1_000_000];
        Arrays.fill(data, (byte) 'x');
        var writer = new FutureTask<>(() -> socket_write(pair[0], data));
        Thread.ofVirtual().start(writer);

        int received = 0;
        while (received < data.length) {
            byte[] piece = socket_read(pair[1], 65537);
            assertThat(piece).isNotEmpty();
            received += piece == null ? 0 : piece.length;
        }

        assertThat(writer.get()).isEqualTo(data.length);
    }

    @Test
    void a_write_that_a_close_cuts_off_says_how_much_was_accepted() throws Exception {
        var writer = new FutureTask<>(() -> socket_write(pair[0], new byte[10_000_000]));
        Thread.ofPlatform().start(writer);
        Await.until(() -> pair[0].php.waiters() > 0, Duration.ofSeconds(10));

        socket_close(pair[1]);

        assertThat(writer.get()).isBetween(1, 9_999_999);
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_read_with_nothing_written_waits_even_when_the_same_end_has_written() throws Exception {
        socket_write(pair[1], "to the other end");
        var reader = new FutureTask<>(() -> read(pair[1], 10));
        Thread.ofPlatform().start(reader);
        Await.until(() -> pair[1].php.waiters() > 0, Duration.ofSeconds(10));

        socket_write(pair[0], "at last");

        assertThat(reader.get()).isEqualTo("at last");
    }

    @Test
    void a_socket_that_another_thread_closes_is_a_bad_descriptor_to_its_reader() throws Exception {
        var reader = new FutureTask<@Nullable Integer>(() -> {
            assertThat(socket_read(pair[1], 10)).isNull();
            return socket_last_error();
        });
        Thread.ofPlatform().start(reader);
        Await.until(() -> pair[1].php.waiters() > 0, Duration.ofSeconds(10));

        socket_close(pair[1]);

        assertThat(reader.get()).isEqualTo(SOCKET_EBADF);
        assertThat(warnings).containsExactly("socket_read(): unable to read from socket [9]: Bad file descriptor");
    }

    @Test
    void an_interrupted_read_is_an_interrupted_call() throws Exception {
        var reader = new FutureTask<@Nullable Integer>(() -> {
            assertThat(socket_read(pair[1], 10)).isNull();
            assertThat(Thread.interrupted()).isTrue();
            return socket_last_error();
        });
        Thread thread = Thread.ofPlatform().start(reader);
        Await.until(() -> pair[1].php.waiters() > 0, Duration.ofSeconds(10));

        thread.interrupt();

        assertThat(reader.get()).isEqualTo(SOCKET_EINTR);
        assertThat(warnings).containsExactly("socket_read(): unable to read from socket [4]: Interrupted system call");
        assertThat(socket_write(pair[0], "later")).isEqualTo(5);
        assertThat(read(pair[1], 10)).isEqualTo("later");
    }

    @Test
    void a_closed_socket_is_an_error_of_every_function() {
        Socket closed = pair[0];
        socket_close(closed);

        assertThatClosed("socket_read", () -> socket_read(closed, -1));
        assertThatClosed("socket_write", () -> socket_write(closed, "x", -1));
        assertThatClosed("socket_close", () -> socket_close(closed));
        assertThatClosed("socket_last_error", () -> socket_last_error(closed));
        assertThatClosed("socket_clear_error", () -> socket_clear_error(closed));
        assertThat(socket_last_error()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void a_socket_that_is_null_is_an_error_where_php_wants_one() {
        assertThatThrownBy(() -> socket_read(null, 1))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_read(): Argument #1 ($socket) must be of type Socket, null given");
        assertThat(socket_last_error(null)).isZero();
    }

    @Test
    void the_two_error_slots_are_copies_that_only_clearing_changes() {
        socket_close(pair[1]);
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        Socket[] other = new Socket[2];
        assertThat(socket_create_pair(AF_UNIX, SOCK_STREAM, 0, other)).isTrue();
        assertThat(socket_write(other[0], "x")).isEqualTo(1);
        assertThat(socket_last_error()).isEqualTo(32);

        socket_clear_error(pair[0]);
        assertThat(socket_last_error(pair[0])).isZero();
        assertThat(socket_last_error()).isEqualTo(32);

        socket_clear_error();
        assertThat(socket_last_error()).isZero();
        socket_close(other[0]);
        socket_close(other[1]);
    }

    @Test
    void the_global_slot_is_one_per_thread() throws Exception {
        assertThat(socket_create_pair(AF_INET, SOCK_STREAM, 0, pair)).isFalse();
        var elsewhere = new FutureTask<>(Sockets::socket_last_error);
        Thread.ofPlatform().start(elsewhere);

        assertThat(elsewhere.get()).isZero();
        assertThat(socket_last_error()).isEqualTo(SOCKET_EOPNOTSUPP);
    }

    @Test
    void numbers_in_warnings_are_ascii_whatever_the_locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(socket_create_pair(AF_INET, SOCK_STREAM, 0, new Socket[2]))
                    .isFalse();
        } finally {
            Locale.setDefault(before);
        }
        assertThat(warnings)
                .containsExactly("socket_create_pair(): Unable to create socket pair [95]: Operation not supported");
    }

    @Test
    void a_handler_that_throws_finds_the_slots_set() {
        onWarning(text -> {
            throw new IllegalStateException(text);
        });

        assertThatThrownBy(() -> socket_create_pair(AF_INET, SOCK_STREAM, 0, pair))
                .isInstanceOf(IllegalStateException.class);
        assertThat(socket_last_error()).isEqualTo(SOCKET_EOPNOTSUPP);
    }

    @ParameterizedTest
    @CsvSource({
        "0, Success",
        "32, Broken pipe",
        "133, Memory page has hardware error",
        "134, Unknown error 134",
        "41, Unknown error 41",
        "-1, Unknown error -1",
        "-10000, Unknown error -10000",
        "-10001, Unknown host",
        "-10002, Host name lookup failure",
        "-10003, Unknown server error",
        "-10004, No address associated with name",
        "-10005, Unknown resolver error",
        "-2147483648, Unknown resolver error",
    })
    void an_error_has_the_text_of_the_c_library_or_of_the_resolver(int errno, String text) {
        assertThat(socket_strerror(errno)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"Linux, Linux", "Windows 11, WINNT", "Mac OS X, Darwin", "FreeBSD, FreeBSD"})
    void a_system_has_the_name_that_php_gives_it(String java, String php) {
        assertThat(Sockets.os(java)).isEqualTo(php);
    }

    @Test
    void a_socket_that_nobody_holds_is_closed() {
        Socket[] other = new Socket[2];
        assertThat(socket_create_pair(AF_UNIX, SOCK_STREAM, 0, other)).isTrue();
        Socket kept = other[1];
        Arrays.fill(other, null);
        var reader = new FutureTask<>(() -> read(kept, 1));
        Thread.ofPlatform().start(reader);

        Await.until(
                () -> {
                    System.gc();
                    return reader.isDone();
                },
                Duration.ofSeconds(30));

        assertThat(reader).succeedsWithin(Duration.ZERO).isEqualTo("");
        socket_close(kept);
    }

    @Test
    void a_length_is_in_bytes() {
        assertThat(strlen("我是父級進程")).isEqualTo(18);
        assertThat(strlen("")).isZero();
    }

    private static void assertThatClosed(String function, Runnable call) {
        assertThatThrownBy(call::run)
                .isExactlyInstanceOf(PhpError.class)
                .hasMessage(function + "(): Argument #1 ($socket) has already been closed");
    }

    private static @Nullable String read(Socket socket, int length) {
        return read(socket, length, PHP_BINARY_READ);
    }

    private static @Nullable String read(Socket socket, int length, int mode) {
        byte[] bytes = socket_read(socket, length, mode);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    @Test
    void a_variable_says_what_it_holds() {
        assertThat(new Ref<>(7)).hasToString("Ref[7]");
    }
}
