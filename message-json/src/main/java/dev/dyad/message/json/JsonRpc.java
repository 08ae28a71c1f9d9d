package dev.dyad.message.json;

import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Calls methods of the other side of a channel by JSON-RPC 2.0, and is called by it.
///
/// Language servers speak it over [Wire.contentLength][dev.dyad.message.Wire#contentLength], MCP servers
/// over [Wire.lines][dev.dyad.message.Wire#lines]. Any number of threads may call at the same time. Each
/// call ends once: with its result, or with a [JsonRpcException] that says why. A message that is none
/// of JSON-RPC ends the channel, as [misbehaved][dev.dyad.message.Closed.Misbehaved] with the rule, the
/// byte and an excerpt; so do batches, which neither of the two protocols has.
///
/// It owns the channel: nobody else receives from it, and [#close] closes it.
///
/// {@snippet file="dev/dyad/message/json/examples/JsonRpcExamplesTest.java" region="call"}
public final class JsonRpc implements Closeable {

    private final MessageChannel channel;
    private final Cancellation cancellation;
    private final PendingCalls pending = new PendingCalls();
    private final AnsweredRequests answered;
    private final ToldNotifications told = new ToldNotifications();
    private final AtomicBoolean listens = new AtomicBoolean();

    private JsonRpc(MessageChannel channel, Cancellation cancellation) {
        this.channel = channel;
        this.cancellation = cancellation;
        answered = new AnsweredRequests(this, cancellation);
    }

    /// Returns what calls over a channel, and cancels nothing on the other side.
    ///
    /// @param channel the channel, which belongs to it from now on
    /// @return what calls
    public static JsonRpc over(MessageChannel channel) {
        return over(channel, Cancellation.NONE);
    }

    /// Returns what calls over a channel.
    ///
    /// @param channel the channel, which belongs to it from now on
    /// @param cancellation how a call that is given up is told to the other side, and by it
    /// @return what calls
    public static JsonRpc over(MessageChannel channel, Cancellation cancellation) {
        return new JsonRpc(channel, cancellation);
    }

    /// Has the requests of the other side for a method answered, each on a virtual thread.
    ///
    /// A request that finds no handler of its method is answered with the error -32601, and one that
    /// finds 256 others being answered, or 16 MiB of them, with -32000. One that the other side cancels,
    /// and each one when the channel ends, has its thread interrupted.
    ///
    /// @param method the method
    /// @param handler what answers
    /// @return this
    /// @throws IllegalStateException if the method has a handler already
    public JsonRpc onRequest(String method, RequestHandler handler) {
        answered.handle(method, handler);
        return this;
    }

    /// Has the notifications of the other side of a method taken, one after the other on a virtual
    /// thread. Those of a method without a handler are dropped.
    ///
    /// A handler may take its time. Where 10,000 notifications wait for it, or 16 MiB of them, the
    /// channel ends and says so.
    ///
    /// @param method the method
    /// @param handler what takes them
    /// @return this
    /// @throws IllegalStateException if the method has a handler already
    public JsonRpc onNotification(String method, NotificationHandler handler) {
        told.handle(method, handler);
        return this;
    }

    /// Begins to receive, once what the other side may ask has its handlers. The first call or
    /// notification of this side does so as well.
    ///
    /// @return this
    public JsonRpc listen() {
        if (!listens.get() && !listens.getAndSet(true)) {
            LibraryThreads.startVirtual(
                    "dyad-requests", new JsonRpcReceiver(channel, cancellation, pending, answered, told));
        }
        return this;
    }

    /// Calls a method, and waits for its result until `deadline`, which is for sending and answering
    /// together. When it passes, or this thread is interrupted, the other side is told as the
    /// [Cancellation] says.
    ///
    /// @param method the method
    /// @param params what Jackson makes an object or an array of, such as a [JsonNode], a map or a
    ///     record; or `null` for none
    /// @param deadline until when to wait
    /// @return the result, which may be a JSON null
    /// @throws JsonRpcException if there is none. An interrupt of this thread is one reason, and it
    ///     stays interrupted
    /// @throws IllegalArgumentException if the parameters are no object and no array
    public JsonNode call(String method, @Nullable Object params, Deadline deadline) throws JsonRpcException {
        PendingCall call = ask(method, params, deadline, true);
        try {
            return call.await(deadline);
        } finally {
            giveUp(call);
        }
    }

    /// Calls a method without waiting for its result; only for room to send the call this waits.
    ///
    /// @param method the method
    /// @param params as of [#call]
    /// @param deadline until when the result has to come
    /// @return a future of the result, which fails with a [JsonRpcException]; to cancel it cancels the
    ///     call
    /// @throws IllegalArgumentException if the parameters are no object and no array
    public CompletableFuture<JsonNode> submit(String method, @Nullable Object params, Deadline deadline) {
        try {
            PendingCall call = ask(method, params, deadline, false);
            CompletableFuture<JsonNode> result = call.future();
            var _ = result.whenComplete((_, _) -> giveUp(call));
            call.expireAt(deadline);
            return result;
        } catch (JsonRpcException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// Tells the other side something that it does not answer.
    ///
    /// @param method the method
    /// @param params as of [#call]
    /// @param deadline until when to wait for room
    /// @throws IOException as [MessageChannel#send(ByteBuffer, Deadline)]
    /// @throws IllegalArgumentException if the parameters are no object and no array
    public void notify(String method, @Nullable Object params, Deadline deadline) throws IOException {
        ByteBuffer message = JsonMessages.bytes(JsonMessages.request(null, method, params));
        listen();
        channel.send(message, deadline);
    }

    private PendingCall ask(String method, @Nullable Object params, Deadline deadline, boolean isAwaited)
            throws JsonRpcException {
        JsonNode tree = JsonMessages.tree(params); // before there is a call that it could fail
        if (deadline.hasPassed()) { // what is sent may run
            throw notSent(method, new SocketTimeoutException("the deadline has passed"));
        }
        listen();
        PendingCall call = pending.add(method, isAwaited);
        boolean sent = false;
        try {
            channel.send(JsonMessages.bytes(JsonMessages.request(call.id(), method, tree)), deadline);
            sent = true;
            return call;
        } catch (InterruptedIOException e) { // by a deadline, too
            if (e.bytesTransferred > 0) {
                giveUp(call);
            }
            throw notSent(method, e);
        } catch (ChannelClosedException e) {
            throw new JsonRpcException(method, e.closed(), e.hasBegun());
        } catch (IOException e) {
            throw new JsonRpcException(method, Why.REFUSED, false, String.valueOf(e.getMessage()), e);
        } finally {
            if (!sent) {
                pending.remove(call);
            }
        }
    }

    private static JsonRpcException notSent(String method, InterruptedIOException e) {
        boolean begun = e.bytesTransferred > 0;
        return e instanceof SocketTimeoutException
                ? new JsonRpcException(
                        method, begun ? Why.EXPIRED_RUNNING : Why.EXPIRED_WAITING, begun, "the deadline has passed", e)
                : new JsonRpcException(method, Why.CANCELLED, begun, "the thread was interrupted", e);
    }

    /// Ends a call that has not ended: its answer is dropped, and the other side is told.
    private void giveUp(PendingCall call) {
        if (pending.giveUp(call)) {
            JsonNode message = cancellation.message(call.id(), call.method());
            if (message != null) {
                tell(JsonMessages.bytes(message));
            }
        }
    }

    private void tell(ByteBuffer message) {
        try {
            if (!channel.trySend(message)) {
                LibraryThreads.startVirtual("dyad-request", () -> send(message));
            }
        } catch (IOException e) {
            // nobody is there any more
        }
    }

    private void send(ByteBuffer message) {
        try {
            channel.send(message);
        } catch (IOException e) {
            // nobody is there any more
        }
    }

    /// Says something to the other side, waiting as long as it takes, if it still listens.
    void say(JsonNode message) {
        send(JsonMessages.bytes(message));
    }

    /// Returns how many calls of this side have been sent and have not ended.
    ///
    /// @return zero or more
    public int underWay() {
        return pending.size();
    }

    /// Returns the channel, to look at how it is.
    ///
    /// @return the channel
    public MessageChannel channel() {
        return channel;
    }

    /// Closes the channel, which ends all calls under way, and interrupts the threads that answer.
    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// Says over which channel it calls, and how that has ended, for a log.
    @Override
    public String toString() {
        return "JsonRpc[" + channel + "]";
    }

    /// Answers requests for a method.
    ///
    /// {@snippet file="dev/dyad/message/json/examples/JsonRpcExamplesTest.java" region="handlers"}
    @FunctionalInterface
    public interface RequestHandler {

        /// Answers a request. A [JsonRpcException] that it throws is the error that is answered, and any
        /// other exception is told as an internal error.
        ///
        /// @param params the parameters; a JSON null where there are none
        /// @return the result, what Jackson makes JSON of, or `null`
        /// @throws Exception if there is none
        @Nullable
        Object answer(JsonNode params) throws Exception;
    }

    /// Takes notifications of a method.
    ///
    /// {@snippet file="dev/dyad/message/json/examples/JsonRpcExamplesTest.java" region="handlers"}
    @FunctionalInterface
    public interface NotificationHandler {

        /// Takes a notification. What this throws goes to the thread's handler of uncaught exceptions.
        ///
        /// @param params the parameters; a JSON null where there are none
        /// @throws Exception if it cannot be taken
        void take(JsonNode params) throws Exception;
    }
}
