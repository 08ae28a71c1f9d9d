package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the other side of numbered requests says: each request ends once, by the first answer with its number or
/// by the event that ends the channel, and what breaks the rules of the exchange ends it.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class NumberedFuzzTest {

    /// For each of the seeds: 100,000 in CI, and a million in a long run.
    private static final int INPUTS = 5_000;

    private static final int ASKED = 4; // requests, whose numbers begin with 1
    private static final int MOST_TOGETHER = 50;
    private static final int PATIENCE_SECONDS = 60;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void whatever_comes_each_request_ends_once_by_its_own_answer(long seed) throws Exception {
        var random = new Random(seed);
        for (int left = INPUTS; left > 0; ) {
            List<byte[]> said = new ArrayList<>();
            int count = Math.min(left, 1 + random.nextInt(MOST_TOGETHER));
            boolean keepsRules = random.nextInt(4) > 0; // or few would get far
            for (int i = 0; i < count; i++) {
                said.add(message(random, keepsRules));
            }
            left -= count;
            try {
                say(said, random.nextBoolean());
            } catch (AssertionError | Exception e) {
                throw new AssertionError(
                        said.stream().map(HexFormat.of()::formatHex).toList().toString(), e);
            }
        }
    }

    private static byte[] message(Random random, boolean keepsRules) {
        if (!keepsRules && random.nextInt(8) == 0) {
            byte[] any = new byte[random.nextInt(40)];
            random.nextBytes(any);
            return any;
        }
        int kind = keepsRules ? 1 + random.nextInt(6) : random.nextInt(9);
        boolean asks = kind == NumberedHead.REQUEST || kind > NumberedHead.ERROR;
        long number = keepsRules && !asks ? 1 + random.nextInt(ASKED) : random.nextInt(8) - 1L;
        byte[] body = new byte[random.nextInt(6)];
        random.nextBytes(body);
        ByteBuffer message = ByteBuffer.allocate(NumberedHead.SIZE + body.length);
        NumberedHead.put(message, kind, random.nextInt(3) == 0 ? random.nextInt() : 0, number);
        return message.put(body).array();
    }

    private static void say(List<byte[]> said, boolean hasHandler) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        MessageChannel peer = MessageChannel.over(pair.right(), Wire.framed());
        Call<Void> unread = Call.start(Thread.ofVirtual().factory(), () -> drained(peer));
        try (peer;
                Requests asks = Requests.over(MessageChannel.over(pair.left(), Wire.framed()), Exchange.NUMBERED)) {
            if (hasHandler) {
                asks.handler(2, Requests.Request::body);
            }
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int i = 0; i < ASKED; i++) {
                answers.add(asks.submit(ByteBuffer.allocate(1), Deadline.never()));
            }
            try {
                for (byte[] message : said) {
                    peer.send(ByteBuffer.wrap(message));
                }
                MessageChannel _ = peer.shutdownOutput();
            } catch (ChannelClosedException early) {
                // since the other side has found what it does not take
            }
            Closed closed = asks.channel().onClosed().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(closed).isInstanceOfAny(Closed.Ended.class, Closed.Misbehaved.class);
            for (int i = 0; i < ASKED; i++) {
                requireEnd(answers.get(i), closed, first(said, i + 1));
            }
            assertThat(asks.underWay()).isZero();
        }
        unread.get();
    }

    private static Void drained(MessageChannel peer) {
        try {
            while (ChannelContract.receive(peer) != null) {
                // what is answered is of no interest
            }
        } catch (IOException e) {
            // nor is how it ends
        }
        return null;
    }

    /// Returns what ends a request, or `null`.
    private static byte[] first(List<byte[]> said, long number) {
        return said.stream()
                .filter(message -> message.length >= NumberedHead.SIZE)
                .filter(message -> NumberedHead.number(ByteBuffer.wrap(message)) == number)
                .filter(message -> message[0] >= NumberedHead.PART && message[0] <= NumberedHead.ERROR)
                .findFirst()
                .orElse(null);
    }

    private static void requireEnd(CompletableFuture<ByteBuffer> answer, Closed closed, byte[] first) throws Exception {
        try {
            ByteBuffer come = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(first[0]).isEqualTo((byte) NumberedHead.ANSWER);
            assertThat(come)
                    .isEqualTo(ByteBuffer.wrap(first).slice(NumberedHead.SIZE, first.length - NumberedHead.SIZE));
        } catch (ExecutionException e) {
            var failed = (RequestFailedException) e.getCause();
            if (failed.why() == Why.ANSWERED_ERROR) {
                assertThat((int) first[0]).isIn(NumberedHead.ERROR, NumberedHead.PART); // nobody asked for parts
            } else {
                assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
                assertThat(failed.closed()).containsSame(closed);
                assertThat(first == null || closed instanceof Closed.Misbehaved).isTrue();
            }
        }
    }
}
