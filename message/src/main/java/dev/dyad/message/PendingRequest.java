package dev.dyad.message;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.LibraryThreads;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A numbered request that has not ended.
final class PendingRequest {

    private final long number;
    private final boolean isAwaited; // by a thread; otherwise its asker's actions hang on the future
    private final CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    private final @Nullable BlockingQueue<Optional<ByteBuffer>> parts;

    // -- guarded by this
    private boolean isBeingSent;
    private @Nullable Thread sender; // of our own, that sends it or will
    private boolean isSent;
    private boolean isGivenUp;
    private boolean isDropped;

    private PendingRequest(long number, boolean isAwaited, @Nullable BlockingQueue<Optional<ByteBuffer>> parts) {
        this.number = number;
        this.isAwaited = isAwaited;
        this.parts = parts;
    }

    /// Makes one that a thread waits for.
    static PendingRequest called(long number) {
        return new PendingRequest(number, true, null);
    }

    /// Makes one whose future is its asker's.
    static PendingRequest submitted(long number) {
        return new PendingRequest(number, false, null);
    }

    /// Makes one whose answer comes in parts.
    static PendingRequest inParts(long number) {
        return new PendingRequest(number, true, new ArrayBlockingQueue<>(NumberedHead.WINDOW + 1));
    }

    /// Begins to send it, which [#endSending] ends.
    ///
    /// @return false if it was given up before, so that it is not to be sent
    synchronized boolean beginSending() {
        isBeingSent = !isGivenUp;
        return isBeingSent;
    }

    /// Notes whether it was handed to the channel.
    ///
    /// @return whether it was given up meanwhile, so that the thread that has sent it does what follows
    synchronized boolean endSending(boolean isSent) {
        isBeingSent = false;
        this.isSent = isSent;
        return isGivenUp;
    }

    /// Gives it up.
    ///
    /// @return false if it is just being sent, so that the thread that sends it does what follows
    synchronized boolean giveUp() {
        isGivenUp = true;
        return !isBeingSent;
    }

    /// Notes that a thread of our own will send it.
    synchronized void sentBy(Thread thread) {
        sender = thread;
    }

    /// Stops the thread that is just sending it, if that is one of our own.
    ///
    /// @return false if none is sending it
    synchronized boolean stopSending() {
        if (isBeingSent && sender != null) {
            sender.interrupt();
        }
        return isBeingSent;
    }

    /// Returns whether the other side may have it whole, so that it is told when it is given up.
    synchronized boolean isSent() {
        return isSent;
    }

    long number() {
        return number;
    }

    CompletableFuture<ByteBuffer> future() {
        return answer;
    }

    void answer(ByteBuffer body) {
        end(() -> answer.complete(body));
        endParts();
    }

    void fail(RequestFailedException why) {
        end(() -> answer.completeExceptionally(why));
        endParts();
    }

    /// Wakes the thread that waits for a part. Where there is no room for that, it has parts to take,
    /// and will look.
    private void endParts() {
        if (parts != null) {
            boolean _ = parts.offer(Optional.empty());
        }
    }

    /// Ends it, on a thread of its own where that runs what an asker has attached, which may take long.
    private void end(Runnable completion) {
        if (isAwaited) {
            completion.run();
        } else {
            startOrRun(completion);
        }
    }

    private static void startOrRun(Runnable completion) {
        try {
            LibraryThreads.startVirtual("dyad-answer", completion);
        } catch (OutOfMemoryError noThread) {
            completion.run(); // rather late than never
        }
    }

    /// Has it fail at a deadline.
    void expireAt(Deadline deadline) {
        DeadlineWaits.whenPassed(deadline, answer, () -> fail(late()));
    }

    /// @return whether its answer is to be dropped from now on, and was not before
    synchronized boolean beginDrop() {
        boolean isFirst = !isDropped;
        isDropped = true;
        return isFirst;
    }

    boolean takesParts() {
        return parts != null;
    }

    /// Keeps a part until it is taken, of one that takes parts.
    ///
    /// @return false where more have come than were asked for
    boolean part(ByteBuffer body) {
        return Objects.requireNonNull(parts).offer(Optional.of(body));
    }

    /// Returns the next part, waiting for it, or `null` once the answer has come and all parts were
    /// taken.
    @Nullable
    ByteBuffer nextPart(Deadline deadline) throws RequestFailedException {
        BlockingQueue<Optional<ByteBuffer>> come = Objects.requireNonNull(parts);
        try {
            while (true) {
                boolean isLast = answer.isDone(); // before the look: no part comes after
                Optional<ByteBuffer> part = come.poll(isLast ? 0 : deadline.nanosToNextLook(), TimeUnit.NANOSECONDS);
                if (part != null) {
                    return part.orElse(null);
                }
                if (isLast) {
                    return null;
                }
                if (deadline.hasPassed()) {
                    throw late();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestFailedException(Why.CANCELLED, true, "the thread was interrupted", e);
        } catch (VirtualMachineError e) {
            throw RequestFailedException.here(true, e);
        }
    }

    /// Waits for the answer.
    ByteBuffer await(Deadline deadline) throws RequestFailedException {
        try {
            return DeadlineWaits.get(answer, deadline);
        } catch (TimeoutException e) {
            throw late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestFailedException(Why.CANCELLED, true, "the thread was interrupted", e);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (VirtualMachineError e) {
            throw RequestFailedException.here(true, e);
        }
    }

    private static RequestFailedException failure(ExecutionException e) {
        return e.getCause() instanceof RequestFailedException failed
                ? new RequestFailedException(failed)
                : new RequestFailedException(Why.CANCELLED, true, String.valueOf(e.getMessage()), e);
    }

    static RequestFailedException late() {
        return new RequestFailedException(
                Why.EXPIRED_RUNNING, true, "the deadline has passed before the answer came", null);
    }

    /// Waits until it has ended, or so long.
    void awaitEnd(Duration longest) throws InterruptedException {
        try {
            var _ = answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | java.util.concurrent.CancellationException e) {
            // the asker is told
        }
    }
}
