package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.BusyCarriers;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every listener for streams does, and what its clients do, wherever they meet.
@Timeout(60)
public interface ListenerContract extends Listening {

    /// How often what is a matter of luck is tried.
    int ROUNDS = 50;

    /// In which of these rounds no carrier is free.
    int BUSY = 10;

    @Test
    default void a_connection_is_accepted_and_carries_bytes_both_ways() throws Exception {
        try (var listener = listen()) {
            var accepting = Waiting.on(listener, threads(), listener::accept);
            assertThat(listener.waiters()).isOne();
            try (var client = StreamSocket.open(listener.localAddress());
                    var server = accepting.get()) {
                client.write(UTF_8.encode("question"));
                assertThat(Bytes.read(server, 8)).isEqualTo("question".getBytes(UTF_8));
                server.write(UTF_8.encode("answer"));
                assertThat(Bytes.read(client, 6)).isEqualTo("answer".getBytes(UTF_8));
            }
            assertThat(listener.waiters()).isZero();
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void each_end_knows_its_name_and_its_peers() throws Exception {
        try (var listener = listen();
                var client = StreamSocket.open(listener.localAddress());
                var server = listener.accept()) {
            assertThat(client.remoteAddress()).isEqualTo(listener.localAddress());
            assertThat(server.localAddress()).isEqualTo(listener.localAddress());
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_socket_can_be_bound_before_it_is_connected() throws Exception {
        SocketAddress own = place().fresh();
        try (var listener = listen();
                var client = StreamSocket.open(place().domain())) {
            assertThat(client.bind(own)).isSameAs(client);
            SocketAddress bound = client.localAddress();
            assertThat(client.remoteAddress()).isNull();
            assertThat(client.connect(listener.localAddress())).isSameAs(client);
            try (var server = listener.accept()) {
                assertThat(server.remoteAddress()).isEqualTo(bound);
                assertThat(client.localAddress()).isEqualTo(bound);
            }
            AddressKind.forget(bound);
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_client_that_came_before_the_deadline_is_accepted_after_it() throws Exception {
        try (var listener = listen();
                var client = StreamSocket.open(listener.localAddress());
                var server = listener.accept(Deadline.after(Duration.ofSeconds(-1)))) {
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void an_accept_ends_at_its_deadline_and_the_listener_goes_on() throws Exception {
        try (var listener = listen()) {
            var accepting = Waiting.start(threads(), () -> listener.accept(StreamContract.soon()));
            assertThatThrownBy(accepting::get).isInstanceOf(SocketTimeoutException.class);
            try (var client = StreamSocket.open(listener.localAddress());
                    var server = listener.accept()) {
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            }
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_try_takes_who_is_there_and_does_not_wait_for_its_turn() throws Exception {
        try (var listener = listen()) {
            assertThat(listener.tryAccept()).isNull();
            var accepting = Waiting.on(listener, threads(), listener::accept);
            assertThat(listener.tryAccept()).isNull();
            try (var first = StreamSocket.open(listener.localAddress());
                    var _ = accepting.get();
                    var second = StreamSocket.open(listener.localAddress());
                    var server = acceptTrying(listener)) {
                assertThat(first.isOpen()).isTrue();
                assertThat(server.remoteAddress()).isEqualTo(second.localAddress());
            }
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void close_ends_an_accept_that_is_waiting() throws Exception {
        var listener = listen();
        AddressKind.forget(listener.localAddress());
        var accepting = Waiting.on(listener, threads(), listener::accept);

        listener.close();

        assertThatThrownBy(accepting::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(listener::accept).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(listener::tryAccept).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(listener::localAddress).isExactlyInstanceOf(ClosedChannelException.class);
    }

    /// Also where the thread that waits has no carrier to go on by.
    @Test
    default void a_listener_that_was_closed_has_its_address_no_more_though_a_thread_was_in_it() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            var listener = listen();
            SocketAddress address = listener.localAddress();
            var accepting = Waiting.on(listener, threads(), listener::accept);
            var busy = i % BUSY == 0 ? new BusyCarriers() : null;
            try {
                listener.close();

                assertThatThrownBy(() -> StreamSocket.open(address))
                        .isInstanceOfSatisfying(
                                SystemCallException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
                Listener.streamReplacingStale(address).close();
            } finally {
                if (busy != null) {
                    busy.close();
                }
            }
            assertThatThrownBy(accepting::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            AddressKind.forget(address);
            AddressKind.forgetLock(address);
        }
    }

    @Test
    default void interrupt_ends_an_accept_and_closes_the_listener() throws Exception {
        try (var listener = listen()) {
            AddressKind.forget(listener.localAddress());
            var accepting = Waiting.on(listener, threads(), () -> {
                try {
                    return listener.accept();
                } finally {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
            });

            accepting.interrupt();

            assertThatThrownBy(accepting::get).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(listener.isOpen()).isFalse();
        }
    }

    @Test
    default void an_interrupt_that_races_a_connection_gives_it_or_closes_the_listener() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var listener = listen()) {
                SocketAddress address = listener.localAddress();
                var accepting = Waiting.start(threads(), listener::accept);
                try (var client = StreamSocket.open(address)) {
                    accepting.interrupt();
                    try (var server = accepting.get()) {
                        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                    } catch (ClosedByInterruptException e) {
                        assertThat(listener.isOpen()).isFalse();
                    }
                }
                AddressKind.forget(address);
            }
        }
    }

    @Test
    default void those_who_accept_at_once_get_one_connection_each() throws Exception {
        int count = 8;
        try (var listener = listen()) {
            var accepting = new ArrayList<Waiting<StreamSocket>>();
            accepting.add(Waiting.on(listener, threads(), listener::accept));
            while (accepting.size() < count) {
                accepting.add(Waiting.inLine(threads(), listener::accept));
            }
            var open = new ArrayList<StreamSocket>();
            for (int i = 0; i < count; i++) {
                var client = StreamSocket.open(listener.localAddress());
                client.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                open.add(client);
            }
            var seen = new HashSet<Byte>();
            for (var each : accepting) {
                var server = each.get();
                open.add(server);
                seen.add(Bytes.read(server, 1)[0]);
            }
            assertThat(seen).hasSize(count);
            for (var each : open) {
                each.close();
            }
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_full_backlog_makes_who_connects_wait() throws Exception {
        try (var full = new FullBacklog(place())) {
            var late = StreamSocket.open(place().domain());
            var connecting = Waiting.on(late, threads(), () -> late.connect(full.address()));
            Await.until(() -> late.waiters() == 1, Duration.ofSeconds(10)); // it tries now and then: no event tells
            assertThatThrownBy(() -> late.read(ByteBuffer.allocate(1))).isInstanceOf(NotYetConnectedException.class);
            assertThatThrownBy(() -> late.connect(full.address())).isInstanceOf(ConnectionPendingException.class);

            full.empty();

            try (var connected = connecting.get()) {
                assertThat(connected.remoteAddress()).isEqualTo(full.address());
            }
        }
    }

    @Test
    default void a_deadline_that_is_moved_and_expired_ends_an_accept_and_the_listener_goes_on() throws Exception {
        try (var listener = listen()) {
            var deadline = new MovableDeadline(Deadline.after(Duration.ofHours(1)));
            var accepting = Waiting.on(listener, threads(), () -> listener.accept(deadline));
            var next = Waiting.inLine(threads(), () -> listener.accept(deadline));

            deadline.moveTo(Deadline.never());
            assertThat(accepting.isDone()).isFalse();
            deadline.expire();

            assertThatThrownBy(accepting::get).isExactlyInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(next::get).isExactlyInstanceOf(SocketTimeoutException.class);
            deadline.moveTo(Deadline.never());
            var again = Waiting.on(listener, threads(), () -> listener.accept(deadline));
            try (var client = StreamSocket.open(listener.localAddress());
                    var server = again.get()) {
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            }
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_connect_ends_at_its_deadline_and_closes_the_socket() throws Exception {
        try (var full = new FullBacklog(place())) {
            var late = StreamSocket.open(place().domain());
            var connecting = Waiting.start(threads(), () -> late.connect(full.address(), StreamContract.soon()));

            assertThatThrownBy(connecting::get).isInstanceOf(SocketTimeoutException.class);
            assertThat(late.isOpen()).isFalse();
            assertThatThrownBy(() -> StreamSocket.open(full.address(), StreamContract.soon()))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    default void close_ends_a_connect_that_is_waiting() throws Exception {
        try (var full = new FullBacklog(place())) {
            var late = StreamSocket.open(place().domain());
            var connecting = Waiting.on(late, threads(), () -> late.connect(full.address()));

            late.close();

            assertThatThrownBy(connecting::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    default void interrupt_ends_a_connect_and_closes_the_socket() throws Exception {
        try (var full = new FullBacklog(place())) {
            var late = StreamSocket.open(place().domain());
            var connecting = Waiting.on(late, threads(), () -> late.connect(full.address()));

            connecting.interrupt();

            assertThatThrownBy(connecting::get).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(late.isOpen()).isFalse();
        }
    }

    @Test
    default void what_is_not_connected_refuses_to_read_and_write() throws Exception {
        var socket = StreamSocket.open(place().domain());
        var refused = List.<ThrowingCallable>of(
                () -> socket.read(ByteBuffer.allocate(1)),
                () -> socket.read(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                () -> socket.tryRead(ByteBuffer.allocate(1)),
                () -> socket.write(ByteBuffer.allocate(1)),
                () -> socket.tryWrite(ByteBuffer.allocate(1)),
                () -> socket.send(ByteBuffer.allocate(1), List.of()),
                () -> socket.receive(ByteBuffer.allocate(1), 0),
                socket::toSocketChannel,
                socket::shutdownInput,
                socket::shutdownOutput);
        for (var call : refused) {
            assertThatThrownBy(call).isInstanceOf(NotYetConnectedException.class);
        }
        assertThat(socket.remoteAddress()).isNull();
        socket.close();
        for (var call : refused) {
            assertThatThrownBy(call).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void what_is_connected_is_not_connected_again() throws Exception {
        try (var listener = listen();
                var client = StreamSocket.open(listener.localAddress());
                var server = listener.accept()) {
            for (var end : List.of(client, server)) {
                assertThatThrownBy(() -> end.connect(listener.localAddress()))
                        .isInstanceOf(AlreadyConnectedException.class);
                assertThat(end.isOpen()).isTrue();
            }
            client.write(UTF_8.encode("still"));
            assertThat(Bytes.read(server, 5)).isEqualTo("still".getBytes(UTF_8));
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_connect_to_nobody_is_refused_and_closes_the_socket() throws Exception {
        SocketAddress gone;
        try (var listener = listen()) {
            gone = listener.localAddress();
        }
        var socket = StreamSocket.open(place().domain());
        var connecting = Waiting.start(threads(), () -> socket.connect(gone));
        assertThatThrownBy(connecting::get).isInstanceOfSatisfying(SystemCallException.class, e -> {
            assertThat(e.call()).isEqualTo("connect");
            assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED);
            assertThat(e).hasMessageContaining(gone.toString());
        });
        assertThat(socket.isOpen()).isFalse();
        AddressKind.forget(gone);
    }

    @Test
    default void a_wrong_address_is_told_before_anything_is_done() throws Exception {
        SocketAddress wrong = place().isUnix() ? AddressKind.INET.fresh() : UnixAddress.ofAbstract("dyad");
        try (var socket = StreamSocket.open(place().domain());
                var unbound = Listener.openStream(place().domain())) {
            assertThatThrownBy(() -> socket.connect(wrong)).isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(() -> socket.bind(wrong)).isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(() -> unbound.bind(wrong, 1)).isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatIllegalArgumentException().isThrownBy(() -> unbound.bind(place().fresh(), -1));
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    default void what_is_not_bound_does_not_accept() throws Exception {
        try (var unbound = Listener.openStream(place().domain())) {
            assertThatThrownBy(unbound::accept).isInstanceOf(NotYetBoundException.class);
            assertThatThrownBy(unbound::tryAccept).isInstanceOf(NotYetBoundException.class);

            assertThat(unbound.bind(place().fresh(), 8)).isSameAs(unbound);

            assertThat(unbound.tryAccept()).isNull();
            AddressKind.forget(unbound.localAddress());
        }
    }

    @Test
    default void an_address_is_for_one_listener() throws Exception {
        try (var listener = listen()) {
            assertThatThrownBy(() -> Listener.stream(listener.localAddress()))
                    .isInstanceOfSatisfying(SystemCallException.class, e -> {
                        assertThat(e.call()).isEqualTo("bind");
                        assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE);
                    });
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void tries_read_and_write_what_they_can_at_once() throws Exception {
        try (var pair = place().streams()) {
            var room = ByteBuffer.allocate(8);
            assertThat(pair.left().tryRead(room)).isZero();
            assertThat(pair.right().tryWrite(UTF_8.encode("now"))).isEqualTo(3);
            assertThat(Bytes.read(pair.left(), 3)).isEqualTo("now".getBytes(UTF_8));
            pair.right().close();
            assertThat(pair.left().read(room)).isEqualTo(-1);
            assertThat(pair.left().tryRead(room)).isEqualTo(-1);
            assertThat(room.position()).isZero();
        }
    }

    /// Tries until somebody is there, which is at once unless the listener may be shared.
    private static StreamSocket acceptTrying(Listener<StreamSocket> listener) throws IOException {
        StreamSocket accepted = null;
        while (accepted == null) {
            accepted = listener.tryAccept();
        }
        return accepted;
    }

    /// A listener to which nobody more can connect.
    final class FullBacklog implements AutoCloseable {

        private final Listener<StreamSocket> listener;
        private final List<StreamSocket> waiting = new ArrayList<>();

        FullBacklog(AddressKind place) throws IOException {
            listener = Listener.stream(place.fresh(), 0);
            try {
                while (true) {
                    waiting.add(StreamSocket.open(address(), Deadline.after(Duration.ofMillis(100))));
                }
            } catch (SocketTimeoutException full) {
                assertThat(waiting).isNotEmpty();
            }
        }

        SocketAddress address() throws IOException {
            return listener.localAddress();
        }

        void empty() throws IOException {
            for (var _ : waiting) {
                listener.accept().close();
            }
        }

        @Override
        public void close() throws IOException {
            AddressKind.forget(address());
            listener.close();
            for (var each : waiting) {
                each.close();
            }
        }
    }
}
