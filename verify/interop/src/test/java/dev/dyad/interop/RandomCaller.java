package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Asks a pool for this and that, in every way there is, and writes down what becomes of it.
final class RandomCaller implements Callable<@Nullable Void> {

    private static final int KEYS = 8;
    private static final int LARGE = 300_000;
    private static final int A_WHILE = 2_000_000; // nanoseconds
    private static final Duration LONG = Duration.ofSeconds(60);

    private final RandomPool pool;
    private final Workers workers;
    private final String name;
    private final Random random;
    private final List<CompletableFuture<?>> submitted = new ArrayList<>();
    private int count;

    /// What is asked.
    ///
    /// @param hangs whether it has no answer
    private record Question(String number, String text, boolean hangs) {
        ByteBuffer bytes() {
            return US_ASCII.encode(text);
        }
    }

    RandomCaller(RandomPool pool, Workers workers, String name, long seed) {
        this.pool = pool;
        this.workers = workers;
        this.name = name;
        random = new Random(seed);
    }

    @Override
    public @Nullable Void call() throws Exception {
        while (count < pool.requestsOfACaller()) {
            switch (random.nextInt(12)) {
                case 0 -> submit(random.nextBoolean());
                case 1 -> interrupted(question());
                case 2, 3 -> ask(random.nextInt(KEYS), question(), false);
                default -> ask(null, question(), false);
            }
        }
        if (random.nextInt(6) == 0) {
            flood();
        }
        for (CompletableFuture<?> each : submitted) {
            awaitEnd(each);
        }
        return null;
    }

    private void awaitEnd(CompletableFuture<?> each) throws Exception {
        try {
            Object _ = each.get(2 * LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | CancellationException e) {
            // which is written down
        }
    }

    private void flood() {
        int many = random.nextInt(3_000);
        for (int i = 0; i < many; i++) {
            var _ = submit(
                    question("echo", 0), Deadline.after(Duration.ofMillis(1 + random.nextInt(2_000))), true, false);
        }
    }

    private Question question() {
        List<String> words = pool.worker().words();
        boolean isPlain = words.isEmpty() || random.nextInt(8) > 0;
        return isPlain
                ? question("echo", random.nextInt(20) == 0 && !words.contains("garbage") ? LARGE : 100)
                : question(words.get(random.nextInt(words.size())), 100);
    }

    private Question question(String word, int length) {
        String number = name + "-" + count++;
        String padding = length == 0 ? "" : "x".repeat(random.nextInt(length));
        String text = "%s %s %d %s".formatted(number, word, 1 + random.nextInt(20), padding);
        pool.ledger().begins(number, text);
        return new Question(number, text, word.equals("hang"));
    }

    /// One that hangs has a limit, as others may have.
    private Deadline deadline(Question question) {
        int chance = random.nextInt(10);
        if (chance == 0) {
            return Deadline.after(Duration.ofNanos(random.nextInt(3_000_000)));
        }
        if (question.hangs || chance < 3) {
            return Deadline.after(Duration.ofMillis(5 + random.nextInt(500)));
        }
        return chance < 6 ? Deadline.after(LONG) : Deadline.never();
    }

    private void ask(@Nullable Object key, Question question, boolean isCancelled) {
        Deadline deadline = deadline(question);
        try {
            ByteBuffer answer = key == null
                    ? workers.call(question.bytes(), deadline)
                    : workers.call(key, question.bytes(), deadline);
            answered(question, answer);
        } catch (RequestFailedException e) {
            failed(question, e, deadline.isLimited(), isCancelled);
        } catch (RuntimeException | Error e) {
            pool.ledger().complain(question.text + " ends with " + e);
        }
    }

    private void interrupted(Question question) throws InterruptedException {
        Thread caller = Thread.currentThread();
        long nanos = random.nextInt(20_000_000);
        Thread interrupting = Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(nanos);
            caller.interrupt();
        });
        ask(null, question, true);
        while (interrupting.isAlive()) {
            boolean _ = Thread.interrupted(); // so that it may be waited for
            LockSupport.parkNanos(100_000);
        }
        boolean _ = Thread.interrupted();
    }

    private void submit(boolean isCancelled) {
        Question question = question();
        CompletableFuture<?> answer = submit(question, deadline(question), false, isCancelled);
        if (isCancelled) {
            LockSupport.parkNanos(random.nextInt(5_000_000));
            boolean _ = answer.cancel(true);
        }
    }

    private CompletableFuture<?> submit(Question question, Deadline deadline, boolean isFlood, boolean isCancelled) {
        CompletableFuture<ByteBuffer> answer = workers.submit(question.bytes(), deadline);
        submitted.add(answer.handle((bytes, failure) -> {
            if (bytes != null) {
                answered(question, bytes);
            } else if (failure instanceof RequestFailedException failed) {
                failed(question, failed, deadline.isLimited(), isCancelled);
            } else if (failure instanceof CancellationException && isCancelled) {
                pool.ledger().failed(question.number, new RequestFailedException(Why.CANCELLED, true, "", null));
            } else {
                pool.ledger().complain(question.text + " ends with " + failure);
            }
            return isFlood;
        }));
        return answer;
    }

    private void answered(Question question, ByteBuffer answer) {
        String text = US_ASCII.decode(answer).toString();
        if (!text.equals(question.text.toUpperCase(Locale.ROOT))) {
            pool.ledger().complain("%s is answered by %s".formatted(question.text, text));
        }
        pool.ledger().answered(question.number);
    }

    /// Requires that a failure does not contradict itself.
    private void failed(Question question, RequestFailedException e, boolean isLimited, boolean isCancelled) {
        boolean maySayItRan = e.mayHaveRun() && pool.askedAgain() > 0; // the one before
        boolean isRight = switch (e.why()) {
            case CHANNEL_ENDED -> e.closed().isPresent();
            case EXPIRED_WAITING -> isLimited && (!e.mayHaveRun() || maySayItRan);
            case EXPIRED_RUNNING -> isLimited && e.mayHaveRun();
            case CANCELLED -> isCancelled;
            case FAILED_HERE -> false;
            case ANSWERED_ERROR -> pool.worker().exchange() == Exchange.NUMBERED && e.mayHaveRun();
            case REFUSED -> pool.mayRefuse() && (!e.mayHaveRun() || maySayItRan);
            case NO_WORKERS -> !e.mayHaveRun() || maySayItRan;
        };
        if (!isRight) {
            pool.ledger().complain("%s ends with %s: %s".formatted(question.text, e.why(), e));
        }
        pool.ledger().failed(question.number, e);
        if (e.why() == Why.NO_WORKERS || e.why() == Why.REFUSED) {
            LockSupport.parkNanos(A_WHILE); // or all that is asked ends so
        }
    }
}
