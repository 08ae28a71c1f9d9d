package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.SenderModel.At;
import dev.dyad.message.SenderModel.Kind;
import dev.dyad.message.SenderModel.Lead;
import dev.dyad.message.SenderModel.Result;
import dev.dyad.message.SenderModel.Sender;
import dev.dyad.message.SenderModel.State;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Has [FrameWriter] do what a script says, and asks the model after each step whether that may be.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class SenderConformanceTest {

    private static final int PART = 8194; // so that three small messages stand in the buffer
    private static final int SCRIPTS = 20;
    private static final int STEPS = 14;
    private static final int MOST_SPINS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// The writer and the model, side by side.
    static final class Run {
        private final ScriptedTransport transport = new ScriptedTransport();
        private final ScriptedPeer peer = new ScriptedPeer();
        private final Ending ending = new Ending(peer, this::react);
        private final FrameWriter writer =
                new FrameWriter(transport, ending, new FrameLayout(Wire.framed()), UnaryOperator.identity());
        private final SenderModel model;
        private final List<Call<Result>> calls = new ArrayList<>(); // the last one of each sender
        private final List<List<Result>> results = new ArrayList<>();
        private Set<State> states;

        Run(SenderModel model) {
            this.model = model;
            states = Set.of(model.first(0));
            model.kinds().forEach(_ -> {
                calls.add(null);
                results.add(new ArrayList<>());
            });
        }

        private void react(Closed event) {
            writer.ended();
            if (event instanceof Closed.Here) {
                transport.close();
            }
        }

        State any() {
            return states.iterator().next();
        }

        void start(int sender) {
            int message = model.current(any(), sender);
            Kind kind = model.kind(message);
            then(state -> model.start(state, sender));
            calls.set(sender, Call.start(Thread.ofVirtual().factory(), () -> result(message, kind)));
            settle();
        }

        private Result result(int message, Kind kind) throws IOException {
            try {
                if (kind == Kind.LAST) {
                    writer.shutdown();
                } else {
                    var bytes = new byte[kind.parts * PART - 4];
                    Arrays.fill(bytes, (byte) message);
                    writer.send(ByteBuffer.wrap(bytes), List.of(), Deadline.never());
                }
                return Result.SENT;
            } catch (InterruptedIOException early) {
                return early.bytesTransferred > 0 ? Result.PART_SENT : Result.NOTHING_SENT;
            } catch (ChannelClosedException closed) {
                return Result.CLOSED;
            } catch (ClosedChannelException shut) {
                return Result.REFUSED;
            }
        }

        void read() {
            then(model::read);
            transport.room(PART);
            settle();
        }

        void giveUp(int sender) {
            boolean writes = any().senders().get(sender).at() == At.WRITE;
            then(state -> model.giveUp(state, sender));
            if (writes) {
                transport.fail(new InterruptedIOException("scripted"));
            } else {
                calls.get(sender).interrupt();
            }
            settle();
        }

        void breakDown() {
            then(model::breakDown);
            transport.breakDown(new IOException("scripted"));
            settle();
        }

        void peerEnds() {
            then(model::peerEnds);
            if (ending.now() == null) {
                ending.end(new Closed.Ended());
            }
            settle();
        }

        void settlePeer() {
            then(model::settle);
            peer.settleNow();
            settle();
        }

        void close() {
            then(model::close);
            writer.flushNow();
            ending.end(new Closed.Here("closed"));
            transport.close();
            settle();
        }

        private void then(UnaryOperator<State> move) {
            Set<State> resting = new HashSet<>();
            Set<State> seen = new HashSet<>();
            var open = new ArrayDeque<State>();
            states.forEach(state -> open.add(move.apply(state)));
            for (State state = open.poll(); state != null; state = open.poll()) {
                if (seen.add(state)) {
                    List<State> next = model.steps(state);
                    open.addAll(next);
                    if (next.isEmpty()) {
                        resting.add(state);
                    }
                }
            }
            states = resting;
        }

        /// Waits until the writer is as a state of the model.
        private void settle() {
            for (int i = 0; i < MOST_SPINS && !isSettled(); i++) {
                Thread.onSpinWait(); // most steps take less time than a pause
            }
            try {
                Await.until(this::isSettled, PATIENCE);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "the model allows " + states + ", and this is " + results + " with " + transport.taken().length
                                + " bytes",
                        e);
            }
            states = states.stream().filter(this::isAs).collect(Collectors.toSet());
            assertThat(transport.hadTwo()).isFalse();
        }

        private boolean isSettled() {
            observe();
            return states.stream().anyMatch(this::isAs);
        }

        private void observe() {
            for (int i = 0; i < calls.size(); i++) {
                Call<Result> call = calls.get(i);
                if (call != null && call.isDone()) {
                    results.get(i).add(resultOf(call));
                    calls.set(i, null);
                }
            }
        }

        private static Result resultOf(Call<Result> call) {
            try {
                return call.get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /// Whether the writer is as a state, and at rest: the threads are looked at last, since what one of them finds
        /// may be what woke another.
        private boolean isAs(State state) {
            boolean isBlocked = state.lead() != Lead.FREE && !state.failed();
            return state.lead().name().equals(writer.queue.lead().name()) // ours gives it up behind its last byte
                    && isBlocked == transport.isBlocked()
                    && isBlocked == transport.isEntered()
                    && (state.event() == null)
                            == (ending.now() == null) // which comes a moment after its call has failed
                    && state.failed() == writer.queue.hasFailed() // likewise, and there may be an event before
                    && (state.failed() && state.lead() == Lead.OURS_BLOCKED) == peer.isAskedHow()
                    && Arrays.equals(bytes(state.wire()), transport.taken())
                    && areAs(state.senders());
        }

        private boolean areAs(List<Sender> senders) {
            for (int i = 0; i < results.size(); i++) {
                Call<Result> call = calls.get(i);
                boolean isIdle = senders.get(i).at() == At.IDLE;
                if (!results.get(i).equals(senders.get(i).results())
                        || isIdle != (call == null)
                        || (call != null && !call.isParked())) {
                    return false;
                }
            }
            return true;
        }

        private byte[] bytes(List<Integer> parts) {
            ByteBuffer all = ByteBuffer.allocate(parts.size() * PART);
            for (int part : parts) {
                int message = SenderModel.messageOf(part);
                boolean hasHead = SenderModel.numberOf(part) == 0;
                if (hasHead) {
                    all.putInt(model.kind(message).parts * PART - 4);
                }
                var body = new byte[hasHead ? PART - 4 : PART];
                Arrays.fill(body, (byte) message);
                all.put(body);
            }
            return all.array();
        }

        /// Returns what a script may say next.
        List<Runnable> moves() {
            State now = any();
            List<Runnable> moves = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                int sender = i;
                if (model.hasMore(now, sender)) {
                    moves.add(() -> start(sender));
                }
                if (calls.get(sender) != null) {
                    moves.add(() -> giveUp(sender));
                }
            }
            if (now.failed() && !now.settled()) {
                moves.add(this::settlePeer);
            } else if (now.lead() != Lead.FREE) {
                moves.add(this::read);
            }
            if (ending.now() == null) {
                moves.add(this::peerEnds);
            }
            if (ending.now() == null && !now.broken()) {
                moves.add(this::breakDown);
            }
            if (now.closing() == 0) {
                moves.add(this::close);
            }
            return moves;
        }

        void step(Random random) {
            int sender = random.nextInt(calls.size());
            State now = any();
            int chance = random.nextInt(100);
            if (chance < 45 && model.hasMore(now, sender)) {
                start(sender);
            } else if (chance < 60 && calls.get(sender) != null) {
                giveUp(sender);
            } else if (chance < 92) {
                if (now.failed() && !now.settled()) {
                    settlePeer();
                } else if (now.lead() != Lead.FREE) {
                    read();
                }
            } else if (chance < 95) {
                peerEnds();
            } else if (chance < 97) {
                breakDown();
            } else if (now.closing() == 0) {
                close();
            }
        }

        void end() {
            if (any().closing() == 0) {
                close();
            }
            assertThat(calls).containsOnlyNulls();
            peer.settleNow();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void the_writer_does_what_the_model_allows(long seed) {
        var random = new Random(seed);
        Kind[] often = {Kind.SMALL, Kind.SMALL, Kind.SMALL, Kind.LARGE, Kind.LARGE, Kind.LAST};
        for (int i = 0; i < SCRIPTS; i++) {
            List<List<Kind>> kinds = new ArrayList<>();
            for (int sender = 0; sender < 4; sender++) {
                kinds.add(random.ints(3, 0, often.length)
                        .mapToObj(at -> often[at])
                        .toList());
            }
            var run = new Run(new SenderModel(kinds, 3, Set.of()));
            for (int step = 0; step < STEPS; step++) {
                run.step(random);
            }
            run.end();
        }
    }
}
