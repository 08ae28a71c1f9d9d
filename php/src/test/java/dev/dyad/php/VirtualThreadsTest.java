package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import java.lang.Thread.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// More virtual threads than carriers, each waiting in a function that blocks.
class VirtualThreadsTest extends Face {

    private static final int WAITING = 16;
    private static final int LARGE = 1 << 20;
    private static final Set<State> AT_REST = EnumSet.of(State.WAITING, State.TIMED_WAITING);

    @TempDir
    Path folder = Path.of("");

    private int receivers;

    /// A call that waits, what it returns in the end, and what ends its wait.
    record Wait(Callable<?> call, Object result, Runnable end) {}

    @FunctionalInterface
    interface Function {
        Wait over(VirtualThreadsTest test);
    }

    record Named(String name, Function function) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Named> functions() {
        return Stream.of(
                receiving("socket_read", end -> size(socket_read(end, 5))),
                receiving("socket_read of a line", end -> size(socket_read(end, 5, PHP_NORMAL_READ))),
                receiving("socket_recv", end -> socket_recv(end, new Ref<>(), 5, MSG_WAITALL)),
                receiving("socket_recvfrom", end -> socket_recvfrom(end, new Ref<>(), 5, 0, new Ref<>())),
                receiving("socket_recvmsg", end -> socket_recvmsg(end, room())),
                sending("socket_write", end -> socket_write(end, new byte[LARGE])),
                sending("socket_send", end -> socket_send(end, new byte[LARGE], LARGE, 0)),
                new Named("socket_sendto", VirtualThreadsTest::sendingTo),
                sending("socket_sendmsg", end -> socket_sendmsg(end, Map.of("iov", List.of(new byte[LARGE])))),
                new Named("socket_accept", VirtualThreadsTest::accepting),
                new Named("socket_connect", VirtualThreadsTest::connecting),
                new Named("socket_select", VirtualThreadsTest::selecting));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void what_waits_holds_no_carrier(Named named) throws Exception {
        var waits = new ArrayList<Wait>();
        var results = new ArrayList<FutureTask<?>>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < WAITING; i++) {
            Wait wait = named.function().over(this);
            waits.add(wait);
            var result = new FutureTask<>(wait.call());
            results.add(result);
            threads.add(Thread.startVirtualThread(result));
        }

        Await.until(() -> threads.stream().allMatch(thread -> AT_REST.contains(thread.getState())), LIMIT);
        assertThat(results).noneMatch(FutureTask::isDone);
        var ending = new FutureTask<Void>(() -> waits.forEach(wait -> wait.end().run()), null);
        Thread.startVirtualThread(ending);

        for (int i = 0; i < WAITING; i++) {
            assertThat(results.get(i).get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(waits.get(i).result());
        }
        ending.get(LIMIT.toSeconds(), TimeUnit.SECONDS); // a sender is done before all of it is received
        assertThat(warnings).isEmpty();
    }

    @FunctionalInterface
    private interface Transfer {
        int of(Socket end);
    }

    private static Named receiving(String name, Transfer transfer) {
        return new Named(name, test -> {
            Socket[] pair = test.pair();
            return new Wait(() -> transfer.of(pair[0]), 5, () -> socket_write(pair[1], "four\n"));
        });
    }

    private static Named sending(String name, Transfer transfer) {
        return new Named(name, test -> {
            Socket[] pair = test.pair();
            return new Wait(
                    () -> transfer.of(pair[0]),
                    LARGE,
                    () -> assertThat(socket_recv(pair[1], new Ref<>(), LARGE, MSG_WAITALL))
                            .isEqualTo(LARGE));
        });
    }

    private static int size(byte @Nullable [] read) {
        return read == null ? -1 : read.length;
    }

    private static Map<String, Object> room() {
        return new HashMap<>(Map.of("buffer_size", 5, "controllen", 100));
    }

    /// The receiver takes no message more until somebody reads one.
    private Wait sendingTo() {
        String name = folder.resolve(Integer.toString(receivers++)).toString();
        Socket receiver = create(AF_UNIX, SOCK_DGRAM);
        Socket sender = create(AF_UNIX, SOCK_DGRAM);
        assertThat(socket_bind(receiver, name)).isTrue();
        while (socket_sendto(sender, bytes("x"), 1, MSG_DONTWAIT, name) == 1) {}
        return new Wait(() -> socket_sendto(sender, bytes("x"), 1, 0, name), 1, () -> socket_read(receiver, 1));
    }

    private Wait accepting() {
        String name = name();
        Socket listener = listener(name);
        return new Wait(
                () -> keep(socket_accept(listener)) != null,
                true,
                () -> assertThat(connect(name)).isTrue());
    }

    /// A queue of nobody but the first: the next one waits.
    private Wait connecting() {
        String name = name();
        Socket listener = listener(name);
        assertThat(connect(name)).isTrue();
        return new Wait(() -> connect(name), true, () -> keep(socket_accept(listener)));
    }

    private Wait selecting() {
        Socket[] pair = pair();
        var read = new ArrayList<>(List.of(pair[0], pair[1]));
        return new Wait(() -> socket_select(read, null, null, null), 1, () -> socket_write(pair[1], "x"));
    }

    private Socket listener(String name) {
        Socket listener = create(AF_UNIX, SOCK_STREAM);
        assertThat(socket_bind(listener, name)).isTrue();
        assertThat(socket_listen(listener, 0)).isTrue();
        return listener;
    }

    private boolean connect(String name) {
        return socket_connect(create(AF_UNIX, SOCK_STREAM), name);
    }
}
