package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Asks a worker that answers in upper case, one request after another, until its channel has ended, and requires of
/// each request that it ends once, and as it should.
final class Asker implements Callable<@Nullable Void> {

    private static final int NUMBER = 16; // letters, at the beginning of each request
    private static final int LONGEST = (1 << 20) - 64; // what a channel writes on where its asker gives up
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] LETTERS = letters();

    private static byte[] letters() {
        byte[] letters = new byte[2 * LONGEST];
        var random = new Random(1);
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt('z' - 'a' + 1));
        }
        return letters;
    }

    private final Requests requests;
    private final Random random;
    private final Outcomes outcomes;

    /// What became of the requests of some.
    interface Outcomes {

        /// One was answered.
        void answered(String number);

        /// One ended otherwise.
        void failed(String number, RequestFailedException how);
    }

    Asker(Requests requests, long seed, Outcomes outcomes) {
        this.requests = requests;
        random = new Random(seed);
        this.outcomes = outcomes;
    }

    @Override
    public @Nullable Void call() throws Exception {
        boolean goesOn = true;
        while (goesOn) {
            ByteBuffer request = request();
            String number = US_ASCII.decode(request.slice(0, NUMBER)).toString();
            boolean isShort = random.nextInt(8) == 0;
            try {
                Deadline deadline = Deadline.after(isShort ? Duration.ofNanos(random.nextInt(1_000_000)) : PATIENCE);
                ByteBuffer answer = random.nextBoolean()
                        ? requests.call(request.duplicate(), deadline)
                        : submitted(request.duplicate(), deadline);
                assertIsAnswer(request, answer);
                outcomes.answered(number);
            } catch (RequestFailedException e) {
                assertCoherent(e, isShort);
                outcomes.failed(number, e);
                goesOn = e.why() != Why.CHANNEL_ENDED;
            }
        }
        return null;
    }

    private ByteBuffer request() {
        int length = NUMBER
                + switch (random.nextInt(64)) {
                    case 0 -> random.nextInt(LONGEST);
                    case 1, 2, 3, 4 -> random.nextInt(1 << 17);
                    default -> random.nextInt(200);
                };
        ByteBuffer request = ByteBuffer.allocate(length);
        for (int i = 0; i < NUMBER; i++) {
            request.put((byte) ('a' + random.nextInt('z' - 'a' + 1)));
        }
        return request.put(LETTERS, random.nextInt(LONGEST), length - NUMBER).flip();
    }

    private ByteBuffer submitted(ByteBuffer request, Deadline deadline) throws Exception {
        var ends = new AtomicInteger();
        var hasEnded = new CountDownLatch(1);
        CompletableFuture<ByteBuffer> answer = requests.submit(request, deadline);
        var _ = answer.whenComplete((_, _) -> {
            ends.incrementAndGet();
            hasEnded.countDown();
        });
        try {
            return answer.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RequestFailedException failed ? failed : e;
        } finally {
            assertThat(hasEnded.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(ends).hasValue(1);
        }
    }

    private static void assertIsAnswer(ByteBuffer request, ByteBuffer answer) {
        assertThat(answer.remaining()).isEqualTo(request.remaining());
        ByteBuffer expected = ByteBuffer.allocate(request.remaining());
        while (request.hasRemaining()) {
            expected.put((byte) (request.get() - ('a' - 'A')));
        }
        assertThat(answer.equals(expected.flip())).as("the right answer").isTrue();
    }

    /// Requires that a failure does not contradict itself, and that nobody has waited in vain.
    private static void assertCoherent(RequestFailedException failed, boolean isShort) {
        boolean isRight = switch (failed.why()) {
            case CHANNEL_ENDED -> failed.closed().isPresent();
            case EXPIRED_WAITING -> isShort && !failed.mayHaveRun();
            case EXPIRED_RUNNING -> isShort && failed.mayHaveRun();
            case REFUSED, CANCELLED, FAILED_HERE, ANSWERED_ERROR, NO_WORKERS -> false;
        };
        if (!isRight) {
            throw new AssertionError(failed.why() + ", whatever is the reason", failed);
        }
        assertThat(failed).hasMessageEndingWith(failed.mayHaveRun() ? "; it may have run" : "; it has not run");
    }
}
