package dev.dyad.php;

import static dev.dyad.php.Sockets.onWarning;
import static dev.dyad.php.Sockets.socket_clear_error;
import static dev.dyad.php.Sockets.socket_create;
import static dev.dyad.php.Sockets.socket_create_pair;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What the tests of the functions have in common: warnings are kept, and sockets are closed.
public abstract class Face {

    static final Duration LIMIT = Duration.ofSeconds(20);

    protected final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<Socket> opened = new CopyOnWriteArrayList<>();
    private Consumer<String> handlerBefore = text -> {};

    protected Face() {}

    @BeforeEach
    final void listen() {
        handlerBefore = onWarning(warnings::add);
        socket_clear_error();
    }

    @AfterEach
    final void closeAll() {
        onWarning(handlerBefore);
        opened.forEach(Socket::close);
    }

    final Socket keep(@Nullable Socket socket) {
        Socket made = Objects.requireNonNull(socket, () -> "no socket: " + warnings);
        opened.add(made);
        return made;
    }

    final Socket create(int domain, int type) {
        return keep(socket_create(domain, type, 0));
    }

    final Socket[] pair(int domain, int type) {
        var pair = new Socket[2];
        assertThat(socket_create_pair(domain, type, 0, pair)).isTrue();
        keep(pair[0]);
        keep(pair[1]);
        return pair;
    }

    final Socket[] pair() {
        return pair(Sockets.AF_UNIX, Sockets.SOCK_STREAM);
    }

    /// Makes a listener on the loopback address, and tells its port.
    final Socket listener(Ref<Integer> port) {
        Socket listener = create(Sockets.AF_INET, Sockets.SOCK_STREAM);
        assertThat(Sockets.socket_bind(listener, "127.0.0.1")).isTrue();
        assertThat(Sockets.socket_listen(listener, 8)).isTrue();
        assertThat(Sockets.socket_getsockname(listener, new Ref<>(), port)).isTrue();
        return listener;
    }

    /// Makes the two ends of a connection over TCP.
    final Socket[] connected() {
        var port = new Ref<Integer>();
        Socket listener = listener(port);
        Socket client = create(Sockets.AF_INET, Sockets.SOCK_STREAM);
        assertThat(Sockets.socket_connect(client, "127.0.0.1", value(port))).isTrue();
        return new Socket[] {client, keep(Sockets.socket_accept(listener))};
    }

    final void assertThatIsClosed(String function, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(PhpError.class)
                .hasMessage(function + "(): Argument #1 ($socket) has already been closed");
    }

    static <T> T value(Ref<T> ref) {
        return Objects.requireNonNull(ref.value);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    /// An abstract name that nobody else has.
    static String name() {
        return "\0dyad-php-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    }
}
