package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.harness.Threads;
import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.Closed;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Two channels of which one is acted on, while the other one has its messages taken as they come.
final class ChannelStage implements ChannelFaultWalk.Stage {

    private static final ByteBuffer LAST = ByteBuffer.wrap(new byte[] {'l', 'a', 's', 't'});
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MessageChannel ours;
    private final MessageChannel other;
    private final Plan plan;
    private final List<ByteBuffer> received = new ArrayList<>();
    private final FutureTask<List<ByteBuffer>> taking;
    private final FutureTask<@Nullable Void> feeding;

    /// What is done on a stage.
    interface Act {
        void on(ChannelStage stage) throws Exception;
    }

    /// @param sent what the act sends, if nothing fails
    /// @param fed what the other channel sends
    /// @param echo whether the other channel answers what it takes
    /// @param ends whether nothing can be sent after the act
    /// @param act what is done
    record Plan(List<ByteBuffer> sent, List<ByteBuffer> fed, boolean echo, boolean ends, Act act) {

        static Plan sending(ByteBuffer sent, Act act) {
            return new Plan(List.of(sent), List.of(), false, false, act);
        }

        static Plan receiving(ByteBuffer fed) {
            return new Plan(List.of(), List.of(fed), false, false, ChannelStage::receive);
        }

        static Plan asking(ByteBuffer sent, Act act) {
            return new Plan(List.of(sent), List.of(), true, false, act);
        }

        static Plan ending(ByteBuffer sent, Act act) {
            return new Plan(List.of(sent), List.of(), false, true, act);
        }
    }

    ChannelStage(MessageChannel ours, MessageChannel other, Plan plan) {
        this.ours = ours;
        this.other = other;
        this.plan = plan;
        taking = Threads.virtually(this::taken);
        feeding = Threads.virtually(this::feed);
    }

    MessageChannel ours() {
        return ours;
    }

    /// Returns what the act is to send.
    List<ByteBuffer> sent() {
        return plan.sent;
    }

    static Deadline soon() {
        return Deadline.after(PATIENCE);
    }

    @Override
    public void run() throws Exception {
        plan.act.on(this);
    }

    private void receive() throws IOException {
        try (Message message = ours.receive(soon())) {
            if (message != null) {
                received.add(message.bytes());
            }
        }
    }

    private List<ByteBuffer> taken() {
        List<ByteBuffer> all = new ArrayList<>();
        try {
            while (takeOne(all)) {
                // as many as come
            }
        } catch (IOException e) {
            // which is what may come of a fault
        }
        return all;
    }

    /// @return false at the end, or after the last one
    private boolean takeOne(List<ByteBuffer> all) throws IOException {
        try (Message message = other.receive()) {
            if (message == null || message.bytes().equals(LAST)) {
                return false;
            }
            all.add(message.bytes().duplicate());
            if (plan.echo) {
                other.send(message.bytes());
            }
            return true;
        }
    }

    private @Nullable Void feed() {
        try {
            for (ByteBuffer each : plan.fed) {
                other.send(each.duplicate());
            }
        } catch (IOException e) {
            // likewise
        }
        return null;
    }

    /// Looks at what a fault has left: either the channel has ended, for everybody by the same event, or it goes on,
    /// and nothing that was sent is lost.
    @Override
    public void verify(@Nullable Throwable thrown) throws Exception {
        Closed closed = ours.closed().orElse(null);
        if (thrown instanceof ChannelClosedException told) {
            assertThat(told.closed()).isSameAs(closed);
        }
        if (thrown instanceof RequestFailedException told && told.why() == Why.CHANNEL_ENDED) {
            assertThat(told.closed()).isEqualTo(Optional.ofNullable(closed));
        }
        if (plan.ends) {
            ours.close();
        } else if (closed != null) {
            assertEnded(closed);
            ours.close();
        } else {
            receiveAll();
            ours.send(LAST.duplicate(), soon());
        }
        List<ByteBuffer> come = taking.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(come).isIn(plan.sent, List.of());
        if (thrown == null) {
            assertThat(come).isEqualTo(plan.sent);
            assertThat(received).isEqualTo(plan.fed);
        }
        if (thrown instanceof RequestFailedException told && !told.mayHaveRun()) {
            assertThat(come).isEmpty();
        }
    }

    private void assertEnded(Closed closed) {
        assertThatExceptionOfType(ChannelClosedException.class)
                .isThrownBy(() -> ours.send(LAST.duplicate(), soon()))
                .satisfies(told -> assertThat(told.closed()).isSameAs(closed));
    }

    /// Receives what was not received before: of what came nothing is lost.
    private void receiveAll() throws IOException {
        while (received.size() < plan.fed.size()) {
            receive();
        }
        assertThat(received).isEqualTo(plan.fed);
    }

    @Override
    public void close() throws IOException {
        try (other) {
            ours.close();
        }
        Await.until(() -> taking.isDone() && feeding.isDone(), PATIENCE);
    }
}
