package dev.dyad.socket;

import static dev.dyad.socket.ManualErrors.Meaning.GOES_ON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What watches many ends at once.
final class SelectorOperations {

    private static final Set<Readiness> READ = Set.of(Readiness.READ);

    private SelectorOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                        registering(),
                        waking(),
                        selecting().stream(),
                        selecting().stream().map(Operation::onVirtualThread))
                .flatMap(some -> some);
    }

    private static Stream<Operation> registering() {
        return Stream.of(
                Operation.of("open a selector", "SocketSelector.open()", () -> new Opening(SocketSelector::open))
                        .where("epoll_create1", ManualErrors.Meaning.FAILURE)
                        .where("eventfd", ManualErrors.Meaning.FAILURE),
                Operation.of(
                        "register an end",
                        "SocketSelector.register(Endpoint,Set,Object)",
                        () -> new Watching((selector, end) -> {
                            Registration _ = selector.register(end, READ, null);
                        })),
                Operation.of(
                        "change what an end is watched for",
                        "Registration.interest(Set)",
                        () -> new Changing(registration -> {
                            Registration _ = registration.interest(READ);
                        })),
                Operation.of("cancel a registration", "Registration.cancel()", () -> new Changing(Registration::cancel))
                        .where("epoll_ctl", GOES_ON)); // as what is watched no more
    }

    private static Stream<Operation> waking() {
        return Stream.of(
                Operation.of("wake a selector", "SocketSelector.wakeup()", Waking::new),
                Operation.of(
                                "close a selector",
                                "SocketSelector.close()",
                                () -> new Using<>(SocketSelector.open(), SocketSelector::close))
                        .where("epoll_ctl", GOES_ON));
    }

    private static List<Operation> selecting() {
        return List.of(
                Operation.of(
                        "select what is there",
                        "SocketSelector.selectNow(Action)",
                        () -> new Selecting(When.BEFORE, (selector, action) -> selector.selectNow(action))),
                Operation.of(
                        "wait in a selector",
                        "SocketSelector.select(Action)",
                        () -> new Selecting(When.MEANWHILE, (selector, action) -> selector.select(action))),
                Operation.of(
                        "wait in a selector until a deadline",
                        "SocketSelector.select(Action,Deadline)",
                        () -> new Selecting(
                                When.MEANWHILE, (selector, action) -> selector.select(action, Stage.soon()))),
                Operation.inVain(
                        "wait in a selector too long",
                        "",
                        () -> new Selecting(
                                When.TOO_LATE, (selector, action) -> selector.select(action, Stage.shortly()))),
                Operation.of(
                        "select after a wake",
                        "",
                        () -> new Selecting(When.TOO_LATE, (selector, action) -> {
                            int told = selector.wakeup().select(action);
                            assertThat(told).isZero();
                            return selector.selectNow(action);
                        })));
    }

    /// A stage with a selector and a pair.
    private abstract static class SelectorStage extends StreamStage {
        final SocketSelector selector = SocketSelector.open();

        SelectorStage() throws IOException {}

        /// Shows that what comes is told, and nothing else.
        void assertTells(boolean told) throws IOException {
            peer.write(ByteBuffer.allocate(1), soon());
            assertThat(selector.select(_ -> {}, told ? soon() : shortly())).isEqualTo(told ? 1 : 0);
            byte[] _ = read(end, 1);
            assertThat(selector.selectNow(_ -> {})).isZero();
        }

        @Override
        public void close() throws IOException {
            try (selector) {
                super.close();
            }
        }
    }

    /// An end is registered, or is not.
    private static final class Watching extends SelectorStage {
        private final Watch use;

        interface Watch {
            void of(SocketSelector selector, StreamSocket end) throws IOException;
        }

        Watching(Watch use) throws IOException {
            this.use = use;
        }

        @Override
        void run() throws IOException {
            use.of(selector, end);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThat(selector.registrations()).hasSize(thrown == null ? 1 : 0);
            assertTells(thrown == null);
        }
    }

    /// A registration changes or ends.
    private static final class Changing extends SelectorStage {
        private final Registration registration = selector.register(end, Set.of(), null);
        private final Change use;

        interface Change {
            void of(Registration registration) throws IOException;
        }

        Changing(Change use) throws IOException {
            this.use = use;
        }

        @Override
        void run() throws IOException {
            use.of(registration);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            boolean told = registration.isValid() && registration.interest().contains(Readiness.READ);
            assertThat(registration.isValid() && !told).isEqualTo(thrown != null);
            assertTells(told);
        }
    }

    /// A thread that selects is woken.
    private static final class Waking extends SelectorStage {
        private final Thread thread = Thread.ofPlatform().unstarted(this::select);

        Waking() throws IOException {
            thread.start();
            Await.until(() -> selector.waiters() == 1, SOON);
        }

        private void select() {
            try {
                int _ = selector.select(_ -> {});
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        void run() {
            SocketSelector _ = selector.wakeup();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws InterruptedException {
            assertThat(thread.join(SOON)).isTrue();
        }
    }

    /// What is ready is told, now or by the next select.
    private static final class Selecting extends SelectorStage {
        private final When when;
        private final Select use;

        interface Select {
            int of(SocketSelector selector, SocketSelector.Action action) throws IOException;
        }

        Selecting(When when, Select use) throws IOException {
            this.when = when;
            this.use = use;
            Registration _ = selector.register(end, READ, null);
            if (when == When.BEFORE) {
                peer.write(ByteBuffer.allocate(1), soon());
            }
        }

        @Override
        void run() throws IOException {
            int _ = use.of(
                    selector,
                    registration -> assertThat(registration.isReadable()).isTrue());
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            if (when == When.MEANWHILE) {
                Await.until(() -> selector.waiters() > 0 || over.getAsBoolean(), SOON);
                peer.write(ByteBuffer.allocate(1), soon());
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (when != When.TOO_LATE) {
                assertThat(selector.select(_ -> {}, soon())).isOne();
                byte[] _ = read(end, 1);
            }
            int _ = selector.selectNow(_ -> {}); // a wake may be left where the call failed
            assertTells(true);
        }
    }
}
