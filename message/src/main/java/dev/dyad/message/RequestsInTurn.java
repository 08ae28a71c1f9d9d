package dev.dyad.message;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One request at a time, whose answer is the next message.
///
/// A thread that gives up leaves its answer owed: whoever asks next receives it first, and drops it.
final class RequestsInTurn extends Requests {

    private final MessageChannel channel;
    private final Turn turn = new Turn("request", true);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean answers = new AtomicBoolean();
    private int owed; // answers that nobody wants; of the thread that has the turn
    private volatile boolean drained;

    RequestsInTurn(MessageChannel channel) {
        this.channel = channel;
    }

    @Override
    public ByteBuffer call(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        underWay.incrementAndGet();
        try {
            enter(deadline);
            try {
                settle(deadline);
                send(request, deadline);
                return answer(deadline);
            } finally {
                turn.leave();
            }
        } finally {
            underWay.decrementAndGet();
        }
    }

    private void enter(Deadline deadline) throws RequestFailedException {
        if (drained) {
            throw new RequestFailedException(Why.REFUSED, false, "no more requests are taken", null);
        }
        try {
            turn.enter(deadline);
        } catch (SocketTimeoutException e) {
            throw expired(e);
        } catch (InterruptedIOException e) {
            throw cancelled(false, e);
        }
    }

    private static RequestFailedException expired(@Nullable IOException cause) {
        return new RequestFailedException(
                Why.EXPIRED_WAITING, false, "the deadline has passed before the request was sent", cause);
    }

    private static RequestFailedException cancelled(boolean mayHaveRun, Exception cause) {
        return new RequestFailedException(Why.CANCELLED, mayHaveRun, "the thread was interrupted", cause);
    }

    /// Receives the answers that are owed to requests before.
    private void settle(Deadline deadline) throws RequestFailedException {
        try {
            for (; owed > 0; owed--) {
                try (Message late = channel.receive(deadline)) {
                    if (late == null) {
                        throw ended(false);
                    }
                }
            }
            requireSilence();
        } catch (SocketTimeoutException e) {
            throw expired(e);
        } catch (InterruptedIOException e) {
            throw cancelled(false, e);
        } catch (RequestFailedException e) {
            throw e;
        } catch (IOException e) {
            throw failed(false, e);
        }
    }

    /// Ends the channel where the other side has said something that is no answer, or it would be taken
    /// for the next one.
    private void requireSilence() throws IOException {
        try (Message unasked = channel.tryReceive()) {
            if (unasked != null) {
                throw channel.misbehaved("an answer that nobody has asked for", unasked);
            }
        }
        if (channel.closed().isPresent()) {
            throw ended(false);
        }
    }

    private void send(ByteBuffer request, Deadline deadline) throws RequestFailedException {
        try {
            channel.send(request, deadline);
        } catch (InterruptedIOException e) { // by a deadline, too
            boolean isLate = e instanceof SocketTimeoutException;
            if (e.bytesTransferred == 0) {
                throw isLate ? expired(e) : cancelled(false, e);
            }
            owed++;
            throw isLate ? late(e) : cancelled(true, e);
        } catch (IOException e) {
            throw failed(e instanceof ChannelClosedException closed && closed.hasBegun(), e);
        }
    }

    private ByteBuffer answer(Deadline deadline) throws RequestFailedException {
        boolean isHere = false;
        try (Message answer = channel.receive(deadline)) {
            if (answer == null) {
                throw ended(true);
            }
            isHere = true; // and what is left of it will be skipped
            return answer.bytes(deadline);
        } catch (InterruptedIOException e) { // by a deadline, too
            owed += isHere ? 0 : 1;
            throw e instanceof SocketTimeoutException ? late(e) : cancelled(true, e);
        } catch (RequestFailedException e) {
            throw e;
        } catch (IOException e) {
            throw failed(true, e);
        }
    }

    private static RequestFailedException late(IOException cause) {
        return new RequestFailedException(
                Why.EXPIRED_RUNNING, true, "the deadline has passed before the answer came", cause);
    }

    private RequestFailedException ended(boolean mayHaveRun) {
        return new RequestFailedException(channel.closed().orElseThrow(), mayHaveRun);
    }

    private static RequestFailedException failed(boolean mayHaveRun, IOException cause) {
        return cause instanceof ChannelClosedException closed
                ? new RequestFailedException(closed.closed(), mayHaveRun)
                : new RequestFailedException(Why.CHANNEL_ENDED, mayHaveRun, String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public CompletableFuture<ByteBuffer> submit(ByteBuffer request, Deadline deadline) {
        ByteBuffer copy = ByteBuffer.allocate(request.remaining()).put(request).flip();
        var answer = new CompletableFuture<ByteBuffer>();
        Thread asking = LibraryThreads.startVirtual("dyad-request", () -> {
            try {
                answer.complete(call(copy, deadline));
            } catch (RequestFailedException | RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        var _ = answer.whenComplete((_, _) -> {
            if (answer.isCancelled()) {
                asking.interrupt();
            }
        });
        return answer;
    }

    @Override
    public Parts stream(ByteBuffer request, Deadline deadline) {
        throw new UnsupportedOperationException("requests in turn have one answer: parts are numbered requests'");
    }

    @Override
    public Requests handler(int atOnce, Handler handler) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one request at once, not " + atOnce);
        }
        if (answers.getAndSet(true)) {
            throw new IllegalStateException("there is a handler already");
        }
        LibraryThreads.startVirtual("dyad-handler", () -> answerAll(handler));
        return this;
    }

    private void answerAll(Handler handler) {
        try {
            while (answerOne(handler)) {
                // as many as there are
            }
        } catch (IOException e) {
            if (!(e instanceof ChannelClosedException)) {
                channel.end("the handler has failed: " + e);
            }
        } catch (Throwable e) {
            channel.end("the handler has failed: " + e);
        }
    }

    /// Answers a request.
    ///
    /// @return false at the end
    private boolean answerOne(Handler handler) throws Exception {
        try (Message message = channel.receive()) {
            if (message == null) {
                return false;
            }
            channel.send(handler.answer(new RequestInTurn(message.bytes())));
            return true;
        }
    }

    private record RequestInTurn(ByteBuffer body) implements Request {

        @Override
        public Deadline deadline() {
            return Deadline.never();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void part(ByteBuffer part) {
            throw new UnsupportedOperationException("requests in turn have one answer: parts are numbered requests'");
        }
    }

    @Override
    public int underWay() {
        return underWay.get();
    }

    @Override
    public void drain(Deadline deadline) throws IOException {
        drained = true;
        turn.enter(deadline); // which is last in line
        turn.leave();
    }

    @Override
    public MessageChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        drained = true;
        channel.close();
    }
}
