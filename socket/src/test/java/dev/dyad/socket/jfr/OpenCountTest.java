package dev.dyad.socket.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.FlightRecords;
import dev.dyad.harness.JavaProbe;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import dev.dyad.socket.jfr.OpenCount.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
@Timeout(60)
class OpenCountTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STATISTICS = "dyad.SocketStatistics";

    private final Map<OpenKind, Numbers> before = numbers();

    private static Map<OpenKind, Numbers> numbers() {
        var all = new EnumMap<OpenKind, Numbers>(OpenKind.class);
        for (OpenKind kind : OpenKind.values()) {
            all.put(kind, kind.count.numbers());
        }
        return all;
    }

    /// How many of a kind this test has opened, and how many of these are closed.
    private Numbers since(OpenKind kind) {
        Numbers now = kind.count.numbers();
        Numbers then = before.get(kind);
        return new Numbers(now.opened() - then.opened(), now.closed() - then.closed());
    }

    @Test
    void what_is_opened_is_counted_until_it_is_closed(@TempDir Path folder) throws Exception {
        try (SocketPair<StreamSocket> streams = SocketPair.stream();
                SocketPair<MessageSocket> _ = SocketPair.seqpacket();
                Listener<StreamSocket> _ = Listener.stream(UnixAddress.of(folder.resolve("l")));
                Pipe _ = Pipe.open();
                SocketSelector _ = SocketSelector.open();
                Descriptor _ = Descriptor.memory("counted")) {
            assertThat(since(OpenKind.SOCKET)).isEqualTo(new Numbers(4, 0));
            assertThat(since(OpenKind.LISTENER)).isEqualTo(new Numbers(1, 0));
            assertThat(since(OpenKind.PIPE_END)).isEqualTo(new Numbers(2, 0));
            assertThat(since(OpenKind.SELECTOR)).isEqualTo(new Numbers(1, 0));
            assertThat(since(OpenKind.DESCRIPTOR).open()).isEqualTo(1);

            streams.left().close();
            streams.left().close(); // the second time without effect

            assertThat(since(OpenKind.SOCKET)).isEqualTo(new Numbers(4, 1));
        }
        for (OpenKind kind : OpenKind.values()) {
            assertThat(since(kind).open()).describedAs(kind.article()).isZero();
        }
    }

    @Test
    void what_is_handed_on_is_counted_no_more() throws Exception {
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                var channel = pair.left().toSocketChannel();
                Descriptor descriptor = pair.right().toDescriptor()) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(since(OpenKind.SOCKET).open()).isZero();
            assertThat(since(OpenKind.DESCRIPTOR).open()).isEqualTo(1);
            assertThat(descriptor.isOpen()).isTrue();
        }
        assertThat(since(OpenKind.DESCRIPTOR).open()).isZero();
    }

    @Test
    void what_is_lost_is_counted_no_more() throws Exception {
        lose();

        Await.until(
                () -> {
                    System.gc();
                    return since(OpenKind.PIPE_END).closed() == 2;
                },
                LIMIT);
    }

    private void lose() throws IOException {
        assertThat(Pipe.open()).isNotNull();
        assertThat(since(OpenKind.PIPE_END)).isEqualTo(new Numbers(2, 0));
    }

    @Test
    void the_recorder_is_told_where_that_is_wanted() throws Exception {
        try (var records = new FlightRecords(STATISTICS);
                SocketPair<StreamSocket> _ = SocketPair.stream();
                Pipe _ = Pipe.open()) {
            Await.until(
                    () -> records.of(STATISTICS).stream()
                            .anyMatch(OpenCountTest::saysWhatIs), // now: what others lost may be closed meanwhile
                    LIMIT);
        }
    }

    private static boolean saysWhatIs(RecordedEvent event) {
        Numbers sockets = OpenKind.SOCKET.count.numbers();
        Numbers listeners = OpenKind.LISTENER.count.numbers();
        Numbers pipeEnds = OpenKind.PIPE_END.count.numbers();
        Numbers ends = sockets.plus(listeners).plus(pipeEnds);
        return event.getLong("opened") == ends.opened()
                && event.getLong("closed") == ends.closed()
                && event.getLong("sockets") == sockets.open()
                && event.getLong("listeners") == listeners.open()
                && event.getLong("pipeEnds") == pipeEnds.open()
                && event.getLong("selectors")
                        == OpenKind.SELECTOR.count.numbers().open()
                && event.getLong("descriptors")
                        == OpenKind.DESCRIPTOR.count.numbers().open();
    }

    @Test
    void it_is_not_told_by_default() throws Exception {
        try (var _ = new FlightRecords();
                SocketPair<StreamSocket> _ = SocketPair.stream()) {
            Await.until(() -> !types().isEmpty(), LIMIT); // the recorder knows of it

            assertThat(types()).noneMatch(EventType::isEnabled);
        }
    }

    private static List<EventType> types() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().equals(STATISTICS))
                .toList();
    }

    @Name("dyad.test.Held")
    @Enabled(false)
    @Period("10 ms")
    private static final class HeldEvent extends Event {}

    @Test
    void statistics_are_asked_for_while_something_holds_them() throws Exception {
        var told = new AtomicInteger();
        var statistics = new ProcessStatistics(() -> HeldEvent.class, told::incrementAndGet);
        try (var _ = new FlightRecords("dyad.test.Held")) {
            Object holder = statistics.holder();
            awaitToldAfterCollections(told);
            assertThat(statistics.holder()).isSameAs(holder);
            int first = System.identityHashCode(holder);
            holder = null;

            awaitQuietAfterCollections(told);
            Object again = statistics.holder();
            int quiet = told.get();
            Await.until(() -> told.get() > quiet, LIMIT);

            assertThat(System.identityHashCode(again)).isNotEqualTo(first);
        }
    }

    @Test
    void what_is_open_holds_the_statistics_of_its_count() throws Exception {
        var told = new AtomicInteger();
        var count = new OpenCount(new ProcessStatistics(() -> HeldEvent.class, told::incrementAndGet));
        try (var _ = new FlightRecords("dyad.test.Held")) {
            Runnable closing = count.closing();
            count.open();
            awaitToldAfterCollections(told);
            assertThat(count.closing()).isSameAs(closing);
            closing.run();
            assertThat(count.numbers()).isEqualTo(new Numbers(1, 1));
            closing = null;

            awaitQuietAfterCollections(told);
        }
    }

    /// The recorder asks for what is held whatever is collected; for what is not, it is quiet by then.
    private static void awaitToldAfterCollections(AtomicInteger told) {
        Await.until(() -> told.get() > 1, LIMIT);
        for (int i = 0; i < 3; i++) {
            System.gc();
            int before = told.get();
            assertThat(isQuiet(told, before)).isFalse();
        }
    }

    private static void awaitQuietAfterCollections(AtomicInteger told) {
        Await.until(
                () -> {
                    System.gc();
                    int before = told.get();
                    return isQuiet(told, before);
                },
                LIMIT);
    }

    /// Whether the recorder asks no more, while it does ask for others'.
    private static boolean isQuiet(AtomicInteger told, int before) {
        var other = new AtomicInteger();
        var asked = new ProcessStatistics(() -> HeldEvent.class, other::incrementAndGet);
        Object holder = asked.holder();
        Await.until(() -> other.get() > 1, LIMIT);
        return told.get() == before && asked.holder().equals(holder);
    }

    /// In a JVM of its own, which has no native access.
    @Test
    void ends_of_the_jdk_are_counted_likewise() throws Exception {
        JavaProbe.Result result = JavaProbe.of(WithoutNative.class)
                .options("-Ddyad.platform=none")
                .run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("""
                Numbers[opened=2, closed=0]
                Numbers[opened=2, closed=2]
                """);
    }

    static final class WithoutNative {

        public static void main(String[] arguments) throws Exception {
            try (SocketPair<StreamSocket> _ = SocketPair.stream()) {
                System.out.println(OpenKind.SOCKET.count.numbers());
            }
            System.out.println(OpenKind.SOCKET.count.numbers());
        }
    }
}
