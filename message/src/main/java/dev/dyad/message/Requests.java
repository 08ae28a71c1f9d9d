package dev.dyad.message;

import dev.dyad.socket.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/// Asks the other side of a channel, and is asked by it.
///
/// Each request ends once: with its answer, or with a [RequestFailedException] that says why, and
/// whether it may have run. No answer is ever taken for that of another request: one that comes after
/// its deadline is dropped. Any number of threads may ask at the same time; where the exchange is [in
/// turn][Exchange#IN_TURN], they wait for each other.
///
/// It owns the channel: nobody else receives from it, and [#close] closes it.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="requests"}
public abstract sealed class Requests implements Closeable permits RequestsInTurn, NumberedRequests {

    Requests() {}

    /// Copies a request whose asker does not wait until it is sent.
    static ByteBuffer copy(ByteBuffer request) throws RequestFailedException {
        try {
            return ByteBuffer.allocate(request.remaining()).put(request).flip();
        } catch (OutOfMemoryError e) {
            throw RequestFailedException.here(false, e);
        }
    }

    /// Returns an object that asks over a channel, [in turn][Exchange#IN_TURN].
    ///
    /// @param channel the channel, which belongs to it from now on
    /// @return what asks
    public static Requests over(MessageChannel channel) {
        return over(channel, Exchange.IN_TURN);
    }

    /// Returns an object that asks over a channel, in a given exchange.
    ///
    /// @param channel the channel, which belongs to it from now on
    /// @param exchange how answers are known
    /// @return what asks
    /// @throws IllegalArgumentException if the exchange is [goridge's][Exchange#GORIDGE], and the wire is not
    public static Requests over(MessageChannel channel, Exchange exchange) {
        return switch (exchange) {
            case IN_TURN -> new RequestsInTurn(channel);
            case NUMBERED -> new NumberedRequests(channel);
            case GORIDGE -> new GoridgeRequests(channel);
        };
    }

    /// Asks, and waits for the answer until `deadline`, which is for waiting, sending and answering
    /// together.
    ///
    /// When it passes, the other side is told to stop where the exchange is
    /// [numbered][Exchange#NUMBERED]. Where it is in turn, the other side goes on, and the next request
    /// waits until it has answered.
    ///
    /// @param request the bytes from its position to its limit, which is its position afterwards
    /// @param deadline until when to wait
    /// @return the answer
    /// @throws RequestFailedException if there is none. An interrupt of this thread is one reason,
    ///     and it stays interrupted
    public abstract ByteBuffer call(ByteBuffer request, Deadline deadline) throws RequestFailedException;

    /// Asks with a context before the body, which only [goridge's exchange][Exchange#GORIDGE] has.
    ///
    /// @param request what is asked, which is read from the positions of its buffers, and leaves them as they are
    /// @param deadline as of [#call(ByteBuffer, Deadline)]
    /// @return the answer, with its own context
    /// @throws RequestFailedException if there is none
    /// @throws UnsupportedOperationException if the exchange has no contexts
    public Payload call(Payload request, Deadline deadline) throws RequestFailedException {
        throw new UnsupportedOperationException("contexts are of goridge's exchange");
    }

    /// Waits until the other side is known to speak the exchange, where it says something first: a worker of
    /// [goridge's][Exchange#GORIDGE] tells its process id. In other exchanges there is nothing to wait for.
    ///
    /// @param deadline until when to wait
    /// @throws RequestFailedException if it has said nothing, or something else
    public void awaitIntroduction(Deadline deadline) throws RequestFailedException {
        // nothing to wait for
    }

    /// Asks, and waits for the answer as long as it takes.
    ///
    /// @param request as of [#call(ByteBuffer, Deadline)]
    /// @return the answer
    /// @throws RequestFailedException if there is none
    public final ByteBuffer call(ByteBuffer request) throws RequestFailedException {
        return call(request, Deadline.never());
    }

    /// Asks without waiting. The bytes of the request are copied.
    ///
    /// @param request the bytes from its position to its limit, which is its position afterwards
    /// @param deadline until when the answer has to come
    /// @return a future of the answer, which fails with a [RequestFailedException]; to cancel it
    ///     cancels the request
    public abstract CompletableFuture<ByteBuffer> submit(ByteBuffer request, Deadline deadline);

    /// Asks for an answer in parts.
    ///
    /// The other side is never more than sixteen parts ahead of those that were taken.
    ///
    /// @param request the bytes from its position to its limit, which is its position afterwards
    /// @param deadline until when the last part has to come
    /// @return the parts, to be closed
    /// @throws RequestFailedException if it cannot be sent
    /// @throws UnsupportedOperationException if the exchange has no parts
    public abstract Parts stream(ByteBuffer request, Deadline deadline) throws RequestFailedException;

    /// Answers the requests of the other side, each on a virtual thread.
    ///
    /// {@snippet file="dev/dyad/message/examples/JavaWorkerExampleTest.java" region="java-worker"}
    ///
    /// @param atOnce how many at the same time; others wait, up to 1 MiB of them, and what comes then stays
    ///     unread in the channel, answers among it. In turn there is one
    /// @param handler what answers
    /// @return this
    /// @throws IllegalStateException if there is a handler already
    /// @throws UnsupportedOperationException if the exchange is [goridge's][Exchange#GORIDGE]
    public abstract Requests handler(int atOnce, Handler handler);

    /// Returns how many requests of this side have been sent and have not ended, nor, in turn, been
    /// answered late.
    ///
    /// @return zero or more
    public abstract int underWay();

    /// Returns how many requests this side has given up while the other side has neither answered them nor
    /// heeded that they were cancelled. Their answers, should they still come, are dropped.
    ///
    /// @return the number, at this moment
    public abstract int abandoned();

    /// Refuses new requests, and waits until those under way have ended.
    ///
    /// @param deadline until when to wait
    /// @throws IOException if the deadline has passed, as a [java.net.SocketTimeoutException], or
    ///     the thread was interrupted
    public abstract void drain(Deadline deadline) throws IOException;

    /// Returns the channel, to look at how it is.
    ///
    /// @return the channel
    public abstract MessageChannel channel();

    /// Closes the channel, which ends all requests under way.
    @Override
    public abstract void close() throws IOException;

    /// Says over which channel it asks, how that has ended, and how many requests are under way, for a log.
    @Override
    public String toString() {
        return "Requests[" + channel() + ", " + underWay() + " under way]";
    }

    /// Answers a request.
    @FunctionalInterface
    public interface Handler {

        /// Answers a request. Where the exchange is numbered, the side that asks is told what this
        /// throws; where it is in turn, that ends the channel.
        ///
        /// @param request what is asked
        /// @return the answer, from its position to its limit
        /// @throws Exception if there is none
        ByteBuffer answer(Request request) throws Exception;
    }

    /// What is asked or answered in [goridge's exchange][Exchange#GORIDGE].
    ///
    /// @param context what is said about the body, such as the head of an HTTP request as JSON
    /// @param body the rest
    public record Payload(ByteBuffer context, ByteBuffer body) {

        static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    }

    /// What is asked.
    public interface Request {

        /// Returns its bytes.
        ///
        /// @return a buffer of its own
        ByteBuffer body();

        /// Returns until when the answer is wanted.
        ///
        /// @return the deadline, as far as the exchange tells it
        Deadline deadline();

        /// Returns whether the answer is not wanted any more. The thread that answers is interrupted as
        /// well.
        ///
        /// @return whether it was cancelled
        boolean isCancelled();

        /// Sends a part of the answer, waiting until it is wanted.
        ///
        /// @param part the bytes
        /// @throws IOException if the request is cancelled or the channel has ended
        /// @throws UnsupportedOperationException if the exchange has no parts
        void part(ByteBuffer part) throws IOException;
    }

    /// The parts of an answer, for one thread at a time.
    public interface Parts extends AutoCloseable {

        /// Returns the next part, waiting for it.
        ///
        /// @return the part, or `null` after the last one
        /// @throws RequestFailedException if it will not come
        @org.jspecify.annotations.Nullable
        ByteBuffer next() throws RequestFailedException;

        /// Cancels the request if it has not ended.
        @Override
        void close();
    }
}
