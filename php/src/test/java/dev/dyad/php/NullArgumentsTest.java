package dev.dyad.php;

import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.SOCK_STREAM;
import static dev.dyad.php.Sockets.socket_close;
import static dev.dyad.php.Sockets.socket_create_pair;
import static dev.dyad.php.Sockets.socket_set_nonblock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is null where it may not be: refused in PHP's words, or taken for nothing, and never told by the JVM.
class NullArgumentsTest {

    private final Socket[] pair = new Socket[2];
    private final Consumer<String> before = Sockets.onWarning(text -> {});

    @BeforeEach
    void open() {
        assertThat(socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair)).isTrue();
        socket_set_nonblock(pair[0]);
    }

    @AfterEach
    void close() {
        Sockets.onWarning(before);
        for (Socket one : pair) {
            if (one.php.isOpen()) {
                socket_close(one);
            }
        }
    }

    static Stream<Arguments> each() {
        return Stream.of(Sockets.class, Pcntl.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .flatMap(method -> IntStream.range(0, method.getParameterCount())
                        .filter(i -> !method.getParameterTypes()[i].isPrimitive())
                        .mapToObj(i -> arguments(method, i)));
    }

    @ParameterizedTest
    @MethodSource("each")
    void none_is_a_null_pointer(Method method, int which) throws Exception {
        var all = new Object[method.getParameterCount()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i == which ? null : some(method.getParameterTypes()[i]);
        }
        @Nullable Throwable thrown = null;
        try {
            Object _ = method.invoke(null, all);
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
        }
        assertThat(thrown instanceof NullPointerException).as("%s", thrown).isFalse();
    }

    private Object some(Class<?> type) {
        return switch (type.getName()) {
            case "int", "java.lang.Integer", "java.lang.Object" -> 0;
            case "java.lang.String" -> "/no/such/name";
            case "[B" -> new byte[1];
            case "java.util.Map" -> Map.of();
            case "java.util.Collection" -> new ArrayList<>();
            case "dev.dyad.php.Socket" -> pair[0];
            case "[Ldev.dyad.php.Socket;" -> new Socket[2];
            case "dev.dyad.php.Ref" -> new Ref<>();
            case "dev.dyad.php.ForkBody" -> (ForkBody) sockets -> {};
            case "java.util.function.Consumer" -> (Consumer<String>) text -> {};
            default -> throw new AssertionError("a parameter of " + type);
        };
    }
}
